package configs

// The configuration of the process: where it keeps its data, where it listens,
// which bus it uses. What decides a verdict is never here; that is the policy.

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"rollcall/hall"
)

// Config is the configuration of the daemon. Fields says what each field means.
type Config struct {
	Data  string // directory of the store, the embedded bus and the lock
	HTTP  string // address of the API and the pages
	Bus   Bus
	Halls []string // empty = all
	Live  *bool    // nil = with the embedded bus only
	// DiskLowWater is what must stay free on the disks, see ParseDiskMark.
	DiskLowWater string
	Log          Log
	Gaps         []Gap
	Pprof        string // address, "" = off
}

// Bus is the embedded server, or an existing one if URL or Context is set.
type Bus struct {
	Listen  string // client address of the embedded server
	URL     string // of an existing server, several separated by commas
	Creds   string // file of credentials
	Context string // a context of the nats command
	TLS     TLS
}

// TLS are files for an existing server; empty = none.
type TLS struct{ CA, Cert, Key string }

// Log says what is logged and how.
type Log struct {
	Level  string // debug, info, warn, error
	Format string // text, json
}

// Gap is a stretch of sequences that a stream has lost and that people accept.
type Gap struct {
	Created time.Time // when the stream was created, which tells streams apart
	From    uint64    // first sequence that is missing
	To      uint64    // last sequence that is missing
	Reason  string    // stands in the warnings of every list
}

//go:embed rollcall.yaml
var shippedConfig []byte

// ShippedConfig returns the shipped configuration file, which says what Default
// says, field by field with its meaning.
func ShippedConfig() []byte { return bytes.Clone(shippedConfig) }

// Default returns the configuration without any file: the embedded bus on this
// machine.
func Default() Config {
	return Config{
		Data: "./data",
		HTTP: "127.0.0.1:8080",
		Bus:  Bus{Listen: "127.0.0.1:4222"},
		Log:  Log{Level: "info", Format: "text"},

		DiskLowWater: "256MiB",
	}
}

// Load returns the defaults, changed by the file at path (none if path is empty
// and ROLLCALL_CONFIG is not set), and that by the variables ROLLCALL_* of
// environ, which has the form of os.Environ. Its error names every problem, of
// the file with line and caret.
func Load(path string, environ []string) (Config, error) {
	c := Default()
	variables := make(map[string]string)
	for _, entry := range environ {
		if name, value, ok := strings.Cut(entry, "="); ok && value != "" {
			variables[name] = value
		}
	}
	if path == "" {
		path = variables[variable("config")]
	}
	var err error
	if path != "" {
		err = c.readFile(path)
	}
	err = errors.Join(err, c.readVariables(variables))
	if err == nil {
		err = c.Validate()
	}
	if err != nil {
		return Config{}, err
	}
	return c, nil
}

func (c *Config) readFile(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("read configuration: %w; name a file that is there, or none for the defaults", err)
	}
	if info.Size() > maxFileBytes {
		return fmt.Errorf("read configuration %s: %w: it has %d bytes, at most %d are read",
			path, hall.ErrInvalid, info.Size(), maxFileBytes)
	}
	src, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read configuration: %w", err)
	}
	return c.read(path, src)
}

// read changes c as a file says.
func (c *Config) read(name string, src []byte) error {
	p := newProblems(name, src)
	if onlyComments(p.lines) {
		return nil
	}
	if t := parseYAML(src, p); t != nil {
		c.readMap(p, "", t)
	}
	return p.err()
}

func onlyComments(lines []string) bool {
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			return false
		}
	}
	return true
}

// readMap sets the fields below a section.
func (c *Config) readMap(p *problems, section string, t *tree) {
	if t.kind == nullKind {
		return
	}
	if t.kind != mapKind {
		p.add(t.at, section, "is no map of keys and values", "")
		return
	}
	for _, m := range t.members {
		key := strings.TrimPrefix(section+"."+m.name, ".")
		field, isSection := lookUp(key)
		switch {
		case isSection:
			c.readMap(p, key, m.value)
		case field == nil:
			p.add(m.value.key, key, fmt.Sprintf("unknown key %q", m.name), hall.Suggest(m.name, keysOf(section), "known here"))
		case m.value.kind != nullKind:
			if hint := field.read(c, m.value); hint != "" {
				p.add(m.value.at, key, fmt.Sprintf("%s is not allowed: %s", key, shown(m.value)), hint)
			}
		}
	}
}

func shown(t *tree) string {
	switch t.kind {
	case listKind:
		return "a list"
	case mapKind:
		return "a map"
	}
	return strconv.Quote(t.text)
}

// readVariables changes c as the environment says.
func (c *Config) readVariables(variables map[string]string) error {
	var errs []error
	for _, field := range Fields() {
		value, ok := variables[field.Variable]
		if !ok {
			continue
		}
		if hint := field.readText(c, value); hint != "" {
			errs = append(errs, fmt.Errorf("%w: variable %s is %q: %s", hall.ErrInvalid, field.Variable, redacted(value), hint))
		}
	}
	return errors.Join(errs...)
}

// Validate returns everything that is wrong with c at once, by the names of the
// fields. It is asked again when flags have changed c.
func (c *Config) Validate() error {
	var errs []error
	fail := func(key, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%w: %s (%s): %s", hall.ErrInvalid, key, variable(key), fmt.Sprintf(format, args...)))
	}
	for _, field := range Fields() {
		for _, value := range field.values(c) {
			if hint := field.check(value); hint != "" {
				fail(field.Key, "%q: %s", redacted(value), hint)
			}
		}
	}
	if c.Bus.URL != "" && c.Bus.Context != "" {
		fail("bus.context", "stands beside bus.url; give one of them")
	}
	if (c.Bus.TLS.Cert == "") != (c.Bus.TLS.Key == "") {
		fail("bus.tls.cert", "stands without its pair; give both bus.tls.cert and bus.tls.key")
	}
	if c.Embedded() && (c.Bus.Creds != "" || c.Bus.TLS != (TLS{})) {
		fail("bus.creds", "bus.creds and bus.tls belong to an existing server; give bus.url as well")
	}
	for i, gap := range c.Gaps {
		if hint := gap.check(); hint != "" {
			fail("gaps", "gap %d: %s", i+1, hint)
		}
	}
	return errors.Join(errs...)
}

// redacted hides the password of an address that should have none.
func redacted(value string) string {
	if u, err := url.Parse(value); err == nil && u.User != nil {
		return u.Redacted()
	}
	return value
}

// Embedded reports whether the bus runs in this process.
func (c *Config) Embedded() bool { return c.Bus.URL == "" && c.Bus.Context == "" }

// check returns what is wrong with a gap, or "".
func (g Gap) check() string {
	switch {
	case g.Created.IsZero():
		return "created is missing: the time at which the stream was created, as the halted daemon prints it"
	case g.From == 0:
		return "from is missing: the first sequence that is gone"
	case g.To < g.From:
		return "to is before from"
	case strings.TrimSpace(g.Reason) == "":
		return "reason is missing: it stands in the warnings of every list"
	}
	return ""
}
