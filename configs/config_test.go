package configs_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"rollcall/configs"
	"rollcall/hall"
)

// TestShippedConfig holds that the shipped file is what Default says.
func TestShippedConfig(t *testing.T) {
	text, err := configs.Default().YAML()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "rollcall.yaml", string(text))
	if !*update {
		golden(t, "rollcall.yaml", string(configs.ShippedConfig()))
	}
	got, err := configs.Load("rollcall.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(configs.Default(), got, cmp.Transformer("empty", empty)); diff != "" {
		t.Errorf("Load(rollcall.yaml) (-Default +got):\n%s", diff)
	}
}

// empty makes no list and an empty list the same.
func empty(list []string) string { return strings.Join(list, ",") }

func TestConfigPrintsWhatItReads(t *testing.T) {
	live := true
	want := configs.Config{
		Data: "/var/lib/rollcall", HTTP: ":80", Halls: []string{"a", "b"}, Live: &live, DiskLowWater: "2%", Pprof: "127.0.0.1:6060",
		Bus: configs.Bus{
			Listen: "127.0.0.1:4222", URL: "tls://a:4222, tls://b:4222", Creds: "/etc/rollcall/bus.creds",
			TLS: configs.TLS{CA: "ca.pem", Cert: "cert.pem", Key: "key.pem"},
		},
		Log: configs.Log{Level: "debug", Format: "json"},
		Gaps: []configs.Gap{{
			Created: time.Date(2026, 1, 5, 8, 0, 0, 123456789, time.UTC), From: 3, To: 9, Reason: "disk: \"failed\" #1",
		}},
	}
	text, err := want.YAML()
	if err != nil {
		t.Fatal(err)
	}
	file := write(t, string(text))
	got, err := configs.Load(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Load(YAML()) (-want +got):\n%s", diff)
	}
}

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "rollcall.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestLoadOrder(t *testing.T) {
	file := write(t, "# only one line\nhttp: 127.0.0.1:1\nlog:\n  level: warn\nbus:\n")
	environ := []string{
		"PATH=/bin", "ROLLCALL_HTTP=127.0.0.1:2", "ROLLCALL_HALLS=a, b,", "ROLLCALL_LIVE=false",
		"ROLLCALL_DATA=", "ROLLCALL_BUS_TLS_CA=ca.pem", "ROLLCALL_BUS_URL=nats://bus:4222", "ROLLCALL_SERVER=x",
	}
	got, err := configs.Load(file, environ)
	if err != nil {
		t.Fatal(err)
	}
	want := configs.Default()
	want.HTTP, want.Halls, want.Live, want.Log.Level = "127.0.0.1:2", []string{"a", "b"}, new(false), "warn"
	want.Bus.TLS.CA, want.Bus.URL = "ca.pem", "nats://bus:4222"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Load (-want +got):\n%s", diff)
	}
	if got, err = configs.Load("", []string{"ROLLCALL_CONFIG=" + file}); err != nil || got.HTTP != "127.0.0.1:1" {
		t.Errorf("Load by ROLLCALL_CONFIG = %q, %v", got.HTTP, err)
	}
	if got, err = configs.Load("", nil); err != nil || !got.Embedded() {
		t.Errorf("Load of nothing = %v, %v", got, err)
	}
	if got, err = configs.Load(write(t, "# nothing\n\n"), nil); err != nil || got.Data != "./data" {
		t.Errorf("Load of comments = %v, %v", got, err)
	}
}

func TestLoadProblems(t *testing.T) {
	tests := map[string]struct {
		file    string
		environ []string
		want    []string
	}{
		"unknown keys": {"htp: :80\nbus:\n  listn: :1\n  tls: {caa: x}\n", nil, []string{
			`rollcall.yaml:1:1: unknown key "htp"` + "\n     1 | htp: :80\n       | ^\n       did you mean \"http\"?",
			`rollcall.yaml:3:3: unknown key "listn"`, `did you mean "listen"?`, `:4:9: unknown key "caa"`,
		}},
		"values": {"http: 80\nlog: {level: loud, format: [json]}\nhalls: [a b]\nlive: sometimes\nbus: {url: http://x}\ndisk_low_water: 5MB\n", nil, []string{
			`:1:7: http is not allowed: "80"`, `:2:14: log.level is not allowed: "loud"`, "allowed: debug, info, warn, error",
			`:2:28: log.format is not allowed: a list`, `"a b": want the token of a hall`, `:4:7: live is not allowed`,
			`:5:12: bus.url is not allowed: "http://x"`, `:6:17: disk_low_water is not allowed: "5MB"`, "want a size such as 256MiB",
		}},
		"gaps": {"gaps: [{created: 2026-01-05T08:00:00Z, from: 5, to: 4, reason: x}]\n", nil, []string{"gap 1: to is before from"}},
		"gap without reason": {"gaps: [{created: 2026-01-05T08:00:00Z, from: 4, to: 4}]\n", nil,
			[]string{"gap 1: reason is missing"}},
		"no map":     {"- a\n", nil, []string{"is no map of keys and values"}},
		"no section": {"log: debug\n", nil, []string{"is no map of keys and values"}},
		"password": {"", []string{"ROLLCALL_BUS_URL=nats://u:secret@bus:4222"}, []string{
			`variable ROLLCALL_BUS_URL is "nats://u:xxxxx@bus:4222": holds credentials`,
		}},
		"variables": {"", []string{"ROLLCALL_LOG_LEVEL=inf", "ROLLCALL_LIVE=perhaps", "ROLLCALL_HTTP=x"}, []string{
			`variable ROLLCALL_LOG_LEVEL is "inf": did you mean "info"?`, `ROLLCALL_LIVE is "perhaps": want true or false`,
			`ROLLCALL_HTTP is "x": want an address`,
		}},
		"together": {"bus: {url: nats://a:1, context: b, tls: {cert: c.pem}}\n", nil, []string{
			"bus.context (ROLLCALL_BUS_CONTEXT): stands beside bus.url", "bus.tls.cert (ROLLCALL_BUS_TLS_CERT): stands without its pair",
		}},
		"creds of the embedded bus": {"bus: {creds: x}\n", nil, []string{"bus.creds and bus.tls belong to an existing server"}},
		"no data":                   {`data: ""` + "\n", nil, []string{"must not be empty"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := configs.Load(write(t, test.file), test.environ)
			if !errors.Is(err, hall.ErrInvalid) {
				t.Fatalf("Load = %v, want ErrInvalid", err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("Load = %v\nwant %q", err, want)
				}
			}
		})
	}
}

func TestLoadMissingFile(t *testing.T) {
	_, err := configs.Load(filepath.Join(t.TempDir(), "none.yaml"), nil)
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "none.yaml") {
		t.Errorf("Load = %v, want ErrNotExist that names the file", err)
	}
}

// TestFieldsAreDocumented holds that every field says what it is for, in both
// languages.
func TestFieldsAreDocumented(t *testing.T) {
	for _, field := range configs.Fields() {
		zh, en, ok := strings.Cut(field.Doc, "\n")
		if shared := field.Key == "bus.tls.cert" || field.Key == "bus.tls.key"; !shared && (!ok || zh == "" || en == "") {
			t.Errorf("field %s has the doc %q", field.Key, field.Doc)
		}
	}
}

// TestAlerts holds that the shipped alerts are well formed and speak of our
// metrics.
func TestAlerts(t *testing.T) {
	text, err := os.ReadFile("prometheus/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	for _, group := range file.Groups {
		for _, rule := range group.Rules {
			if !strings.Contains(rule.Expr, "rollcall") || rule.Annotations["description"] == "" || rule.Labels["severity"] == "" {
				t.Errorf("alert %q is not complete: %+v", rule.Alert, rule)
			}
		}
	}
	if len(file.Groups) != 1 || len(file.Groups[0].Rules) < 5 {
		t.Errorf("alerts.yaml has %d groups", len(file.Groups))
	}
}
