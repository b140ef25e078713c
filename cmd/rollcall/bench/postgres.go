package bench

// PostgreSQL as the other way to keep the events: a private cluster on loopback
// from the system's package, filled with COPY in batches into a staging table and
// INSERT ... ON CONFLICT DO NOTHING from there. It is driven through psql, so that
// the program needs no driver.

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"rollcall/ingest/bus"
)

const postgresBatch = 5000

// postgres is a running cluster.
type postgres struct {
	bin, dir string
	port     int
	as       []string // command that becomes a user who may run the server
}

// findPostgres returns the folder with the newest initdb.
func findPostgres() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path)))) // 0 = none, the oldest
		return n
	}
	if len(found) > 0 {
		newest := slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })
		return filepath.Dir(newest), nil
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", errors.New("no initdb is installed: install the package postgresql, or leave --postgres away")
	}
	return filepath.Dir(path), nil
}

func startPostgres(ctx context.Context, dir string) (*postgres, error) {
	bin, err := findPostgres()
	if err != nil {
		return nil, err
	}
	p := &postgres{bin: bin, dir: filepath.Join(dir, "postgres")}
	if err := os.Mkdir(p.dir, 0o700); err != nil {
		return nil, err
	}
	if os.Geteuid() == 0 { // the server refuses to run as root
		p.as = []string{"runuser", "-u", "postgres", "--"}
		for _, args := range [][]string{{"chown", "postgres", p.dir}, {"chmod", "a+x", dir}} {
			if err := run(exec.CommandContext(ctx, args[0], args[1:]...)); err != nil {
				return nil, err
			}
		}
	}
	if p.port, err = freePort(); err != nil {
		return nil, err
	}
	if err := run(p.command(ctx, "initdb", "-D", p.dir, "-U", "bench", "--auth=trust", "-E", "UTF8", "--no-locale")); err != nil {
		return nil, err
	}
	options := fmt.Sprintf("-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories=''", p.port)
	if err := run(p.command(ctx, "pg_ctl", "-D", p.dir, "-o", options, "-l", filepath.Join(p.dir, "log"), "-w", "start")); err != nil {
		return nil, err
	}
	return p, nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

func (p *postgres) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	words := slices.Concat(p.as, []string{filepath.Join(p.bin, name)}, args)
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Dir = p.dir
	return cmd
}

func run(cmd *exec.Cmd) error {
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(cmd.Args, " "), err, strings.TrimSpace(said.String()))
	}
	return nil
}

func (p *postgres) stop() error {
	return run(p.command(context.Background(), "pg_ctl", "-D", p.dir, "-m", "fast", "-w", "stop"))
}

const postgresTables = `
DROP TABLE IF EXISTS events, staging;
CREATE TABLE events (hall text, kind text, source text, id text, time timestamptz, person text, body jsonb, PRIMARY KEY (hall, kind, source, id));
CREATE INDEX ON events (hall, time);
CREATE UNLOGGED TABLE staging (LIKE events);
`

// ingest reads n messages of a log into the database, a transaction a batch.
func (p *postgres) ingest(ctx context.Context, log *bus.Bus, n int) error {
	psql := p.command(ctx, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", strconv.Itoa(p.port), "-U", "bench", "postgres")
	var said strings.Builder
	psql.Stdout, psql.Stderr = io.Discard, &said
	in, err := psql.StdinPipe()
	if err != nil {
		return err
	}
	if err := psql.Start(); err != nil {
		return err
	}
	w := bufio.NewWriterSize(in, 256<<10)
	_, err = w.WriteString(postgresTables)
	if err == nil {
		err = copyEvents(ctx, log, n, w)
	}
	err = errors.Join(err, w.Flush(), in.Close())
	if failed := psql.Wait(); failed != nil {
		return fmt.Errorf("psql: %w: %s", failed, strings.TrimSpace(said.String()))
	}
	return err
}

const (
	postgresOpen  = "BEGIN;\nCOPY staging FROM STDIN;\n"
	postgresClose = "\\.\nINSERT INTO events SELECT * FROM staging ON CONFLICT DO NOTHING;\nTRUNCATE staging;\nCOMMIT;\n"
)

func copyEvents(ctx context.Context, log *bus.Bus, n int, w *bufio.Writer) error {
	read := 0
	err := log.Consume(ctx, bus.Position{}, func(m bus.Message) error {
		if read%postgresBatch == 0 {
			w.WriteString(postgresOpen) // a Writer keeps its error
		}
		if err := copyRow(w, m); err != nil {
			return err
		}
		if read++; read%postgresBatch == 0 || read == n {
			if _, err := w.WriteString(postgresClose); err != nil {
				return err
			}
		}
		if read == n {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// copyRow writes an event as a line of COPY.
func copyRow(w *bufio.Writer, m bus.Message) error {
	var e struct{ ID, Time, Person string }
	if err := json.Unmarshal(m.Body, &e); err != nil {
		return err
	}
	parts := strings.Split(m.Subject, ".")
	if len(parts) != 4 {
		return fmt.Errorf("subject %q has not four parts", m.Subject)
	}
	for _, field := range []string{parts[1], parts[2], parts[3], e.ID, e.Time, e.Person} {
		w.WriteString(field) // the load has nothing to escape in these
		w.WriteByte('\t')
	}
	body := strings.ReplaceAll(string(m.Body), `\`, `\\`)
	w.WriteString(body)
	return w.WriteByte('\n')
}
