package bus_test

// Servers outside that ask who connects: by TLS, by a credentials file, by the
// users of the configuration that is shipped.

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"

	"rollcall/ingest/bus"
	"rollcall/ingest/bus/bustest"
)

// works publishes and reads through b.
func works(t *testing.T, b *bus.Bus) {
	t.Helper()
	fill(t, b, 1, 50)
	consume(t, b, bus.Position{}, 50)
}

// refused wants an error that says what to look at, and keeps secrets.
func refused(t *testing.T, o bus.Options, wants ...string) {
	t.Helper()
	_, err := tryOpen(t, o)
	if err == nil {
		t.Fatal("the server let in who must stay outside")
	}
	for _, want := range wants {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("Open = %v, want %q in it", err, want)
		}
	}
}

// TestTLS: a server that shows a certificate of an authority of its own, and asks for
// one. The files are given by themselves, and by a NATS context.
func TestTLS(t *testing.T) {
	dir := t.TempDir()
	ca := newAuthority(t, dir)
	serverCert, serverKey := ca.issue(t, dir, "server")
	cert, key := ca.issue(t, dir, "rollcall")
	out := bustest.New(t)
	pair, err := tls.LoadX509KeyPair(serverCert, serverKey)
	if err != nil {
		t.Fatal(err)
	}
	out.Options.TLS, out.Options.TLSTimeout = true, patience.Seconds()
	out.Options.TLSConfig = &tls.Config{
		Certificates: []tls.Certificate{pair}, ClientCAs: ca.pool, ClientAuth: tls.RequireAndVerifyClientCert, MinVersion: tls.VersionTLS12,
	}
	out.Start()
	url := strings.Replace(out.URL(), "nats://", "tls://", 1)

	works(t, open(t, bus.Options{URL: url, TLS: bus.TLS{CA: ca.file, Cert: cert, Key: key}}))
	refused(t, bus.Options{URL: url, TLS: bus.TLS{Cert: cert, Key: key}}, "certificate", "the TLS files")
	refused(t, bus.Options{URL: url, TLS: bus.TLS{CA: ca.file}}, "the TLS files")
	refused(t, bus.Options{URL: url, TLS: bus.TLS{CA: key}}, key)

	worksByContext(t, filepath.Join(dir, "hall.json"), map[string]string{"url": url, "ca": ca.file, "cert": cert, "key": key})
}

// worksByContext connects as a NATS context says, which it writes to a file.
func worksByContext(t *testing.T, file string, context map[string]string) {
	t.Helper()
	doc, err := json.Marshal(context)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	b := open(t, bus.Options{Context: file})
	consume(t, b, bus.Position{}, 50)
}

// authority signs certificates for this machine.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
	file string
}

func newAuthority(t *testing.T, dir string) *authority {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{cert: cert, key: key, pool: x509.NewCertPool(), file: filepath.Join(dir, "ca.pem")}
	a.pool.AddCert(cert)
	writePEM(t, a.file, "CERTIFICATE", der)
	return a
}

// issue writes a certificate and its key, for servers and clients alike.
func (a *authority) issue(t *testing.T, dir, name string) (certFile, keyFile string) {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, name+".pem"), filepath.Join(dir, name+".key")
	writePEM(t, certFile, "CERTIFICATE", der)
	writePEM(t, keyFile, "PRIVATE KEY", private)
	return certFile, keyFile
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func writePEM(t *testing.T, file, kind string, der []byte) {
	t.Helper()
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestCredentials: a server of an operator lets in who has credentials of an account of
// it, by a file and by a NATS context.
func TestCredentials(t *testing.T) {
	operator, account := newOperator(t), newSigner(t, nkeys.CreateAccount)
	claims := jwt.NewAccountClaims(account.public)
	claims.Limits.JetStreamLimits = jwt.JetStreamLimits{DiskStorage: jwt.NoLimit, MemoryStorage: jwt.NoLimit, Streams: jwt.NoLimit, Consumer: jwt.NoLimit}
	token, err := claims.Encode(operator.pair)
	if err != nil {
		t.Fatal(err)
	}
	out := bustest.New(t)
	resolver := &server.MemAccResolver{}
	if err := resolver.Store(account.public, token); err != nil {
		t.Fatal(err)
	}
	system := operator.systemAccount(t, resolver)
	out.Options.TrustedOperators, out.Options.AccountResolver, out.Options.SystemAccount = []*jwt.OperatorClaims{operator.claims}, resolver, system
	out.Start()

	dir := t.TempDir()
	good := account.credentials(t, filepath.Join(dir, "hall.creds"))
	stranger := newSigner(t, nkeys.CreateAccount)
	bad := stranger.credentials(t, filepath.Join(dir, "stranger.creds"))
	works(t, open(t, bus.Options{URL: out.URL(), Creds: good}))
	refused(t, bus.Options{URL: out.URL(), Creds: bad}, "check the credentials file")
	refused(t, bus.Options{URL: out.URL()}, "check the credentials file")
	empty := filepath.Join(dir, "empty.creds")
	if err := os.WriteFile(empty, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, bus.Options{URL: out.URL(), Creds: empty}, "the credentials file", empty)

	worksByContext(t, filepath.Join(dir, "hall.json"), map[string]string{"url": out.URL(), "creds": good})
}

// signer is a key that signs for an operator or an account.
type signer struct {
	pair   nkeys.KeyPair
	public string
	claims *jwt.OperatorClaims // of an operator
}

func newSigner(t *testing.T, create func() (nkeys.KeyPair, error)) *signer {
	t.Helper()
	pair, err := create()
	if err != nil {
		t.Fatal(err)
	}
	public, err := pair.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return &signer{pair: pair, public: public}
}

func newOperator(t *testing.T) *signer {
	t.Helper()
	s := newSigner(t, nkeys.CreateOperator)
	token, err := jwt.NewOperatorClaims(s.public).Encode(s.pair)
	if err != nil {
		t.Fatal(err)
	}
	if s.claims, err = jwt.DecodeOperatorClaims(token); err != nil {
		t.Fatal(err)
	}
	return s
}

// systemAccount makes the account without which an operator has no JetStream.
func (s *signer) systemAccount(t *testing.T, resolver server.AccountResolver) string {
	t.Helper()
	system := newSigner(t, nkeys.CreateAccount)
	token, err := jwt.NewAccountClaims(system.public).Encode(s.pair)
	if err != nil {
		t.Fatal(err)
	}
	if err := resolver.Store(system.public, token); err != nil {
		t.Fatal(err)
	}
	return system.public
}

// credentials writes those of a new user of an account.
func (s *signer) credentials(t *testing.T, file string) string {
	t.Helper()
	user := newSigner(t, nkeys.CreateUser)
	token, err := jwt.NewUserClaims(user.public).Encode(s.pair)
	if err != nil {
		t.Fatal(err)
	}
	seed, err := user.pair.Seed()
	if err != nil {
		t.Fatal(err)
	}
	text, err := jwt.FormatUserConfig(token, seed)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestShippedServer: with the shipped configuration of a server the daemon can do its
// work and can destroy nothing, and everybody else only what is theirs.
func TestShippedServer(t *testing.T) {
	for _, name := range []string{"SYS", "BUS", "T01", "PATROL", "BOARD"} {
		t.Setenv("ROLLCALL_"+name+"_PASSWORD", "secret-"+name)
	}
	shipped, err := server.ProcessConfigFile("../../configs/nats/rollcall.conf")
	if err != nil {
		t.Fatal(err)
	}
	if !shipped.SyncAlways {
		t.Error("what the server acknowledges does not survive the loss of power")
	}
	out := bustest.New(t)
	shipped.Host, shipped.Port, shipped.StoreDir = out.Options.Host, out.Options.Port, out.Options.StoreDir
	shipped.HTTPPort, shipped.HTTPHost, shipped.NoLog, shipped.NoSigs = 0, "", true, true
	out.Options = *shipped
	out.Start()
	as := func(user, secret string) string {
		return strings.Replace(out.URL(), "nats://", "nats://"+user+":secret-"+secret+"@", 1)
	}

	b := open(t, bus.Options{URL: as("rollcall", "BUS")})
	works(t, b)
	refused(t, bus.Options{URL: out.URL()}, "check the credentials")
	daemon := bustest.Connect(t, as("rollcall", "BUS"))
	for _, subject := range []string{"$JS.API.STREAM.DELETE.ROLLCALL", "$JS.API.STREAM.PURGE.ROLLCALL", "$JS.API.STREAM.MSG.DELETE.ROLLCALL"} {
		denied(t, daemon, subject)
	}

	terminal := bustest.Connect(t, as("T01", "T01"), nats.CustomInboxPrefix("_INBOX_T01"))
	body := []byte(`{"id":"x1","person":"1","time":"2020-11-04T08:30:00+08:00"}`)
	if answer, err := terminal.Request("rollcall.demo.punch.T01", body, patience); err != nil || !strings.Contains(string(answer.Data), `"seq":51`) {
		t.Errorf("a terminal's own punch: %v, want it stored", err)
	}
	for _, subject := range []string{"rollcall.demo.punch.T02", "rollcall.other.punch.T01", "rollcall.demo.ruling.T01", "$JS.API.STREAM.INFO.ROLLCALL", "rollcall-live.demo.violation"} {
		denied(t, terminal, subject)
	}
	deaf(t, terminal, "rollcall.>")
	deaf(t, terminal, "_INBOX.>")
	inspector := bustest.Connect(t, as("patrol-app", "PATROL"), nats.CustomInboxPrefix("_INBOX_patrol"))
	for _, subject := range []string{"rollcall.demo.ruling.patrol-app", "rollcall.demo.policy.patrol-app", "rollcall.demo.roster.patrol-app", "rollcall.demo.seal.patrol-app"} {
		denied(t, inspector, subject)
	}
	board := bustest.Connect(t, as("board", "BOARD"))
	denied(t, board, "rollcall.demo.punch.board")
	heard, err := board.SubscribeSync("rollcall-live.demo.>")
	if err != nil {
		t.Fatal(err)
	}
	if err := board.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := daemon.Publish("rollcall-live.demo.violation", []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if _, err := heard.NextMsg(patience); err != nil {
		t.Errorf("the board hears nothing: %v", err)
	}
}

// denied wants the server to refuse what nc publishes on a subject.
func denied(t *testing.T, nc *nats.Conn, subject string) {
	t.Helper()
	refusal(t, nc, subject, func() error { return nc.Publish(subject, nil) })
}

// deaf wants the server to refuse that nc listens on a subject.
func deaf(t *testing.T, nc *nats.Conn, subject string) {
	t.Helper()
	refusal(t, nc, subject, func() error { _, err := nc.SubscribeSync(subject); return err })
}

func refusal(t *testing.T, nc *nats.Conn, subject string, try func() error) {
	t.Helper()
	errs := make(chan error, 8)
	nc.SetErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { errs <- err })
	if err := try(); err != nil {
		t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-errs:
		if !errors.Is(err, nats.ErrPermissionViolation) || !strings.Contains(err.Error(), subject) {
			t.Errorf("%s: %v, want a refusal", subject, err)
		}
	case <-time.After(patience):
		t.Errorf("nobody refuses %s", subject)
	}
}
