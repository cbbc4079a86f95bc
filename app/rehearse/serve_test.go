package rehearse_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// server is a real process of the product.
type server struct {
	t      *testing.T
	binary string
	args   []string
	url    string
	cmd    *exec.Cmd
	log    string
}

// build makes the binary once a test; it is the same as `make build` makes, less the client.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "qiming")
	cmd := exec.Command("go", "build", "-o", binary, "qiming/cmd/qiming")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

func start(t *testing.T, binary, data string, args ...string) *server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	s := &server{
		t: t, binary: binary, url: "http://" + address, log: filepath.Join(t.TempDir(), "log"),
		args: append([]string{"serve", "--demo", "--data", data, "--listen", address}, args...),
	}
	s.run()
	t.Cleanup(func() {
		s.kill()
		if t.Failed() {
			s.tail()
		}
	})
	return s
}

// run starts the process and waits until it is ready.
func (s *server) run() {
	s.t.Helper()
	log, err := os.OpenFile(s.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	defer log.Close()
	s.cmd = exec.Command(s.binary, s.args...)
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	deadline := time.Now().Add(2 * time.Minute)
	for time.Now().Before(deadline) {
		if res, err := http.Get(s.url + "/readyz"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(20 * time.Millisecond) // polling another process: there is nothing to wait on
	}
	s.tail()
	s.t.Fatal("the server was not ready after two minutes")
}

func (s *server) kill() {
	_ = s.cmd.Process.Kill() // SIGKILL
	_ = s.cmd.Wait()
}

func (s *server) tail() {
	f, err := os.Open(s.log)
	if err != nil {
		return
	}
	defer f.Close()
	var last []string
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		last = append(last, lines.Text())
	}
	for _, l := range last[max(0, len(last)-20):] {
		s.t.Log(l)
	}
}

func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	t.Cleanup(cancel)
	return ctx
}
