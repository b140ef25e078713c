package configs

// The fields of the configuration, one line of the table each: reading, checking,
// printing and documenting them all start here.

import (
	"bytes"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"rollcall/hall"
)

// Field is a field of the configuration.
type Field struct {
	Key      string // bus.listen, as in the file
	Variable string // ROLLCALL_BUS_LISTEN, "" = file only
	Doc      string // meaning, default and reason, in lines

	// Exactly one of these leads to the field.
	text func(*Config) *string
	list func(*Config) *[]string
	flag func(*Config) **bool
	gaps func(*Config) *[]Gap

	wrong func(value string) string // what is wrong with a value that is not empty, "" = nothing
}

// Fields returns all fields in the order of the shipped file.
func Fields() []Field {
	fields := []Field{
		{
			Key:  "data",
			Doc:  "数据目录：存储、内置消息总线（日志，要备份）、锁文件。\nDirectory of the store, the embedded bus with its log (back it up) and the lock. Default ./data:\nworks without root; a service wants an absolute path on a local disk.",
			text: func(c *Config) *string { return &c.Data },
		},
		{
			Key:   "http",
			Doc:   "网页和接口的地址。默认只有本机能访问：没有登录，先在前面放反向代理再对外。\nAddress of the pages and the API. Default 127.0.0.1:8080: reachable from this machine only,\nsince there is no login; put a proxy with one in front before you open it.",
			text:  func(c *Config) *string { return &c.HTTP },
			wrong: wrongAddress,
		},
		{
			Key:   "bus.listen",
			Doc:   "内置消息总线的客户端地址，考勤机网关连到这里。用 bus.url 时不起作用。\nClient address of the embedded bus, to which gateways of terminals connect. Default\n127.0.0.1:4222. Without effect where bus.url or bus.context is set.",
			text:  func(c *Config) *string { return &c.Bus.Listen },
			wrong: wrongAddress,
		},
		{
			Key:   "bus.url",
			Doc:   "已有的 NATS 服务器，多个用逗号隔开；留空则用内置的。口令写在 bus.creds 的文件里。\nAn existing NATS server, several separated by commas. Default empty: the embedded one.\nNo password here: it belongs into the file of bus.creds.",
			text:  func(c *Config) *string { return &c.Bus.URL },
			wrong: wrongURL,
		},
		{
			Key:  "bus.creds",
			Doc:  "凭据文件的路径（不是凭据本身）。\nFile with the credentials for bus.url, never the credentials themselves. Default none.",
			text: func(c *Config) *string { return &c.Bus.Creds },
		},
		{
			Key:  "bus.context",
			Doc:  "nats 命令行的 context 名称，代替 bus.url。\nName of a context of the nats command, in place of bus.url. Default none.",
			text: func(c *Config) *string { return &c.Bus.Context },
		},
		{
			Key:  "bus.tls.ca",
			Doc:  "TLS 文件的路径：根证书、客户端证书、私钥。\nFiles for TLS to bus.url: the authority, the client's certificate and its key. Default none:\nthe system's authorities.",
			text: func(c *Config) *string { return &c.Bus.TLS.CA },
		},
		{Key: "bus.tls.cert", text: func(c *Config) *string { return &c.Bus.TLS.Cert }},
		{Key: "bus.tls.key", text: func(c *Config) *string { return &c.Bus.TLS.Key }},
		{
			Key:   "halls",
			Doc:   "本进程负责的大厅代号；空 = 全部。其余的读过即弃。\nTokens of the halls that this daemon keeps. Default empty: all of the stream. The stream is read\nwhole in any case; to spread halls over machines give each partition a stream of its own.",
			list:  func(c *Config) *[]string { return &c.Halls },
			wrong: wrongHall,
		},
		{
			Key:  "live",
			Doc:  "新违规的实时通知。不写：用内置总线时开，用 bus.url 时关（只应有一个进程发通知）。\nAnnounce violations as they happen. Default null: on with the embedded bus, off with an existing\none, where several daemons may read the same stream and only one should speak.",
			flag: func(c *Config) **bool { return &c.Live },
		},
		{
			Key:   "disk_low_water",
			Doc:   "磁盘至少要留出的空间：如 256MiB，或占磁盘的比例如 2%；0 = 不检查。低于它就不再接收事件，查询照常。\nWhat must stay free on the disks of log and store, in bytes (256MiB, 2GiB) or as a share of the disk\n(2%); 0 = not looked at. Default 256MiB: below it no event is taken, lists are still answered, and\neverything goes on by itself once there is space again.",
			text:  func(c *Config) *string { return &c.DiskLowWater },
			wrong: wrongDiskMark,
		},
		{
			Key:   "log.level",
			Doc:   "日志级别：debug、info、warn、error。\nWhat is logged at least. Default info: start, stop and changes of state.",
			text:  func(c *Config) *string { return &c.Log.Level },
			wrong: oneOf("debug", "info", "warn", "error"),
		},
		{
			Key:   "log.format",
			Doc:   "日志格式：text 给人看，json 给机器收集。\nHow it is logged: text for people (default), json for a collector.",
			text:  func(c *Config) *string { return &c.Log.Format },
			wrong: oneOf("text", "json"),
		},
		{
			Key:   "pprof",
			Doc:   "性能分析的地址，空 = 关。只绑本机。\nAddress for the Go profiler, for example 127.0.0.1:6060. Default empty: off. It shows memory:\nkeep it on this machine.",
			text:  func(c *Config) *string { return &c.Pprof },
			wrong: wrongAddress,
		},
		{
			Key:  "gaps",
			Doc:  "日志中确认丢失、又经人同意不再追究的序号段；它会写进每张表的警告。\nSequences that a stream has lost and that people have agreed to go on without. Each stands in the\nwarnings of every list. Default none: a gap stops the fold, which prints what to write here:\n  - {created: 2026-01-05T08:00:00Z, from: 1201, to: 1204, reason: disk failure of 12 March}",
			gaps: func(c *Config) *[]Gap { return &c.Gaps },
		},
	}
	for i := range fields {
		if fields[i].gaps == nil {
			fields[i].Variable = variable(fields[i].Key)
		}
	}
	return fields
}

func variable(key string) string {
	return "ROLLCALL_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// lookUp finds a field, or says that a key is a section of fields.
func lookUp(key string) (field *Field, section bool) {
	fields := Fields()
	for i := range fields {
		if fields[i].Key == key {
			return &fields[i], false
		}
		section = section || strings.HasPrefix(fields[i].Key, key+".")
	}
	return nil, section
}

// keysOf lists the keys of a section, "" for the file.
func keysOf(section string) []string {
	var keys []string
	for _, field := range Fields() {
		key := field.Key
		if section != "" {
			rest, ok := strings.CutPrefix(key, section+".")
			if !ok {
				continue
			}
			key = rest
		}
		key, _, _ = strings.Cut(key, ".")
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// check returns what is wrong with a value, or "".
func (f *Field) check(value string) string {
	if value == "" && (f.Key == "data" || f.Key == "http" || f.Key == "bus.listen" || f.Key == "disk_low_water" || f.Key == "log.level" || f.Key == "log.format") {
		return "must not be empty"
	}
	if value == "" || f.wrong == nil {
		return ""
	}
	return f.wrong(value)
}

// values returns the texts that the field holds.
func (f *Field) values(c *Config) []string {
	switch {
	case f.text != nil:
		return []string{*f.text(c)}
	case f.list != nil:
		return *f.list(c)
	}
	return nil
}

// readText sets the field from a variable; a list is separated by commas. It
// returns what is wrong with the text, or "".
func (f *Field) readText(c *Config, value string) string {
	switch {
	case f.text != nil:
		*f.text(c) = value
		return f.check(value)
	case f.flag != nil:
		on, err := strconv.ParseBool(value)
		if err != nil {
			return "want true or false"
		}
		*f.flag(c) = &on
		return ""
	}
	var list []string
	for item := range strings.SplitSeq(value, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		if hint := f.check(item); hint != "" {
			return hint
		}
		list = append(list, item)
	}
	*f.list(c) = list
	return ""
}

// read sets the field from a file. It returns what is wrong with the value, or "".
func (f *Field) read(c *Config, t *tree) string {
	switch {
	case f.text != nil:
		if t.kind != stringKind && t.kind != numberKind {
			return "want a text"
		}
		return f.readText(c, t.text)
	case f.flag != nil:
		if t.kind != boolKind {
			return "want true, false or null"
		}
		return f.readText(c, t.text)
	case f.gaps != nil:
		return f.readGaps(c, t)
	}
	if t.kind != listKind {
		return "want a list"
	}
	list := make([]string, 0, len(t.items))
	for _, item := range t.items {
		if item.kind != stringKind && item.kind != numberKind {
			return "want a list of texts"
		}
		if hint := f.check(item.text); hint != "" {
			return fmt.Sprintf("%q: %s", item.text, hint)
		}
		list = append(list, item.text)
	}
	*f.list(c) = list
	return ""
}

func (f *Field) readGaps(c *Config, t *tree) string {
	const want = "want a list such as [{created: 2026-01-05T08:00:00Z, from: 1201, to: 1204, reason: disk failure}]"
	if t.kind != listKind {
		return want
	}
	var gaps []Gap
	for i, item := range t.items {
		gap, hint := readGap(item)
		if hint == "" {
			hint = gap.check()
		}
		if hint != "" {
			return fmt.Sprintf("gap %d: %s; %s", i+1, hint, want)
		}
		gaps = append(gaps, gap)
	}
	*f.gaps(c) = gaps
	return ""
}

func readGap(t *tree) (Gap, string) {
	var gap Gap
	for _, m := range t.members {
		var err error
		switch m.name {
		case "created":
			gap.Created, err = time.Parse(time.RFC3339Nano, m.value.text)
		case "from":
			gap.From, err = strconv.ParseUint(m.value.text, 10, 64)
		case "to":
			gap.To, err = strconv.ParseUint(m.value.text, 10, 64)
		case "reason":
			gap.Reason = m.value.text
		default:
			return gap, fmt.Sprintf("unknown key %q", m.name)
		}
		if err != nil {
			return gap, fmt.Sprintf("%s is no %s", m.name, map[bool]string{true: "time", false: "sequence"}[m.name == "created"])
		}
	}
	return gap, ""
}

// YAML prints c as a commented file that Load reads as c again.
func (c Config) YAML() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("# rollcall 的运行配置。不写的项目用默认值；每一项也可用环境变量 ROLLCALL_... 或命令行参数给出，后者优先。\n" +
		"# Configuration of the rollcall daemon. What is left out has its default. Variables ROLLCALL_... go\n" +
		"# before the file, flags before both. Secrets are files: only their paths stand here.\n" +
		"# 考勤制度不在这里，见 configs/hall.yaml。The rules of a hall are not here, see configs/hall.yaml.\n")
	var open []string
	for _, field := range Fields() {
		sections := strings.Split(field.Key, ".")
		name := sections[len(sections)-1]
		sections = sections[:len(sections)-1]
		if field.Doc != "" {
			b.WriteByte('\n')
		}
		for i, section := range sections {
			if i >= len(open) || open[i] != section {
				fmt.Fprintf(&b, "%s%s:\n", indent(i), section)
			}
		}
		open = sections
		margin := indent(len(sections))
		if field.Doc != "" {
			fmt.Fprintf(&b, "%s# %s\n", margin, strings.ReplaceAll(field.Doc, "\n", "\n"+margin+"# "))
		}
		if field.Variable != "" {
			fmt.Fprintf(&b, "%s# %s\n", margin, field.Variable)
		}
		fmt.Fprintf(&b, "%s%s: ", margin, name)
		field.print(&b, &c, margin)
	}
	return b.Bytes(), nil
}

func indent(n int) string { return strings.Repeat("  ", n) }

func (f *Field) print(b *bytes.Buffer, c *Config, margin string) {
	switch {
	case f.text != nil:
		writeText(b, *f.text(c))
	case f.flag != nil:
		if on := *f.flag(c); on == nil {
			b.WriteString("null")
		} else {
			b.WriteString(strconv.FormatBool(*on))
		}
	case f.list != nil:
		b.WriteByte('[')
		for i, item := range *f.list(c) {
			if i > 0 {
				b.WriteString(", ")
			}
			writeText(b, item)
		}
		b.WriteByte(']')
	case len(*f.gaps(c)) == 0:
		b.WriteString("[]")
	default:
		for _, gap := range *f.gaps(c) {
			fmt.Fprintf(b, "\n%s  - {created: %s, from: %d, to: %d, reason: ", margin,
				gap.Created.UTC().Format(time.RFC3339Nano), gap.From, gap.To)
			writeText(b, gap.Reason)
			b.WriteByte('}')
		}
	}
	b.WriteByte('\n')
}

func wrongAddress(value string) string {
	const want = "want an address such as 127.0.0.1:8080, or :8080 for every interface"
	_, port, err := net.SplitHostPort(value)
	if err != nil {
		return want
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return want + "; ports are 0 to 65535"
	}
	return ""
}

func wrongURL(value string) string {
	for item := range strings.SplitSeq(value, ",") {
		u, err := url.Parse(strings.TrimSpace(item))
		if err != nil || u.Host == "" || !slices.Contains([]string{"nats", "tls", "ws", "wss"}, u.Scheme) {
			return "want an address such as nats://bus.example:4222"
		}
		if u.User != nil {
			return "holds credentials; put them into a file and name it in bus.creds"
		}
	}
	return ""
}

func wrongHall(value string) string {
	_, err := hall.ParseDate(value)
	valid := func(c rune) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
	}
	if err == nil || value == "" || len(value) > 32 || strings.ContainsFunc(value, func(c rune) bool { return !valid(c) }) {
		return "want the token of a hall: 1 to 32 letters, digits, _ or -"
	}
	return ""
}

func oneOf(words ...string) func(string) string {
	return func(value string) string {
		if slices.Contains(words, value) {
			return ""
		}
		return hall.Suggest(value, words, "allowed")
	}
}
