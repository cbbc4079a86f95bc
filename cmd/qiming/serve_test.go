package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// asCommand makes the test binary the command itself.
const asCommand = "QIMING_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// process is a server of its own, to be signalled.
type process struct {
	*exec.Cmd
	url   string
	setup string // the link of the first run
}

func serve(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(os.Args[0], append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)}
	p.Env = append(os.Environ(), asCommand+"=1")
	p.Stderr = os.Stderr
	stdout, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill(); _ = p.Wait() })
	lines := bufio.NewScanner(stdout)
	address, link := regexp.MustCompile(`启明 Qiming +(http://\S+)`), regexp.MustCompile(`http://\S+/setup#token=\S+`)
	for p.setup == "" && lines.Scan() {
		if found := address.FindStringSubmatch(lines.Text()); found != nil {
			p.url = found[1]
		}
		p.setup = link.FindString(lines.Text())
	}
	if p.url == "" || p.setup == "" {
		t.Fatal("the first run printed no address or no link")
	}
	for range 200 { // it prints before it serves
		if res, err := http.Get(p.url + "/readyz"); err == nil {
			res.Body.Close()
			return p
		}
	}
	t.Fatal("it does not answer")
	return nil
}

// A request that runs when SIGTERM comes is answered; new connections are refused; the exit status is 0. An ffmpeg that does not
// answer when it is asked who it is holds nothing up.
func TestTerminateFinishesWhatRuns(t *testing.T) {
	tools := t.TempDir()
	for _, name := range []string{"ffmpeg", "ffprobe"} {
		if err := os.WriteFile(filepath.Join(tools, name), []byte("#!/bin/sh\nexec sleep 600\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	p := serve(t, "--data", t.TempDir(), "--ffmpeg", filepath.Join(tools, "ffmpeg"))
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := `{"login":"nobody","password":"not a password"}`
	fmt.Fprintf(conn, "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body[:10])

	// The server has begun to read this request once it answers a later one of another connection.
	if res, err := http.Get(p.url + "/healthz"); err != nil {
		t.Fatal(err)
	} else {
		res.Body.Close()
	}
	http.DefaultClient.CloseIdleConnections()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Second)
	defer cancel()
	for { // until it no longer accepts
		probe, err := (&net.Dialer{}).DialContext(ctx, "tcp", strings.TrimPrefix(p.url, "http://"))
		if errors.Is(err, syscall.ECONNREFUSED) {
			break
		}
		if ctx.Err() != nil {
			t.Fatalf("it goes on accepting: %v", err)
		}
		if err == nil { // else it was reset: it waited to be accepted as the listener was closed
			probe.Close()
		}
	}
	fmt.Fprint(conn, body[10:])
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("the running request was cut: %v", err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusUnauthorized || !res.Close {
		t.Errorf("status %d, close %v", res.StatusCode, res.Close)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("exit: %v", err)
	}
}

func TestTakenPortIsAnErrorAtOnce(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	status, _, errs := do(t, "serve", "--demo", "--listen", taken.Addr().String(), "--data", t.TempDir())
	if status != 1 || !strings.Contains(errs, "cannot listen") {
		t.Errorf("%d %s", status, errs)
	}
}

func TestPrivateListener(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	p := serve(t, "--data", t.TempDir(), "--private", address)
	for _, path := range []string{"/debug/pprof/goroutine?debug=1", "/metrics"} {
		res, err := http.Get("http://" + address + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
	res, err := http.Get(p.url + "/debug/pprof/heap.out")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusNotFound {
		t.Errorf("profiling on the public listener: %d", res.StatusCode)
	}
}
