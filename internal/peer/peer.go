// Package peer starts the servers that tests need beside the product: FerretDB for MongoDB's wire
// protocol and MinIO for S3's, as .ci/peers pins them and `make peers` builds them.
package peer

import (
	"bufio"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"qiming/internal/ident"
)

// binary finds a peer: where the environment says, or where `make peers` puts it. A test that
// needs it fails without it: a check that quietly does not run is none.
func binary(t testing.TB, name, variable string) string {
	t.Helper()
	at := os.Getenv(variable)
	if at == "" {
		at = filepath.Join(root(t), ".cache", "peers", name)
	}
	if _, err := os.Stat(at); err != nil {
		t.Fatalf("no %s at %s: run `make peers` once, or set %s (go test -short leaves these tests out)", name, at, variable)
	}
	return at
}

// root finds the folder of the module from that of a package, where its tests run.
func root(t testing.TB) string {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(here, "go.mod")); err == nil {
			return here
		}
		above := filepath.Dir(here)
		if above == here {
			t.Fatal("no go.mod above the test")
		}
		here = above
	}
}

// OnBuckets runs a check on the address of each kind of bucket (media.Open): a directory, and MinIO unless -short leaves it out.
func OnBuckets(t *testing.T, name string, check func(t *testing.T, address string)) {
	t.Run("directory", func(t *testing.T) { check(t, "dir:"+t.TempDir()) })
	t.Run("s3", func(t *testing.T) {
		if testing.Short() {
			t.Skip("-short: not checked on S3")
		}
		check(t, "s3://qiming:qiming-test@"+MinIO(t)+"/"+name+"?secure=false")
	})
}

// FerretDB starts FerretDB on a free port until the test ends and gives its URL, "mongodb://127.0.0.1:PORT/".
// It does not update atomically: what rests on that cannot be checked against it.
func FerretDB(t testing.TB) string {
	t.Helper()
	cmd := exec.Command(binary(t, "ferretdb", "QIMING_TEST_FERRETDB"), "-listen", "127.0.0.1:0", "-state-dir", t.TempDir())
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("FerretDB did not say where it listens: %v", err)
	}
	return strings.TrimSpace(line)
}

// MongoDB gives the URL of a new database on a server that speaks MongoDB's wire protocol: the one that QIMING_TEST_MONGODB names,
// or FerretDB until the test ends.
func MongoDB(t testing.TB) string {
	t.Helper()
	at := os.Getenv("QIMING_TEST_MONGODB")
	if at == "" {
		at = FerretDB(t)
	}
	u, err := url.Parse(at)
	if err != nil {
		t.Fatalf("QIMING_TEST_MONGODB: %v", err)
	}
	u.Path = "/qiming_test_" + ident.New()
	return u.String()
}

// The root user of the MinIO of tests.
const (
	MinIOUser     = "qiming"
	MinIOPassword = "qiming-test"
)

// MinIO starts MinIO on a free port until the test ends and gives its address, "127.0.0.1:PORT".
func MinIO(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	cmd := exec.Command(binary(t, "minio", "QIMING_TEST_MINIO"), "server", "--quiet", "--address", address, "--console-address", "127.0.0.1:0", t.TempDir())
	cmd.Env = append(os.Environ(), "MINIO_ROOT_USER="+MinIOUser, "MINIO_ROOT_PASSWORD="+MinIOPassword, "MINIO_UPDATE=off", "MINIO_BROWSER=off")
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	ready := time.NewTicker(50 * time.Millisecond)
	defer ready.Stop()
	late := time.After(time.Minute)
	for {
		select {
		case <-late:
			t.Fatal("MinIO was not ready after a minute")
		case <-ready.C:
		}
		res, err := http.Get("http://" + address + "/minio/health/ready")
		if err != nil {
			continue
		}
		res.Body.Close()
		if res.StatusCode == http.StatusOK {
			return address
		}
	}
}

// FFmpeg gives the path of ffmpeg, which `make ffmpeg` installs.
func FFmpeg(t testing.TB) string {
	t.Helper()
	at, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Fatalf("%v: run `make ffmpeg` once", err)
	}
	return at
}

// Clip has ffmpeg make a small film: sources and options in its own words, such as "-f lavfi -i testsrc=size=640x360:rate=25 -t 8".
// It gives the content of what ends with ending (".mp4").
func Clip(t testing.TB, ending, options string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clip"+ending)
	args := append([]string{"-nostdin", "-v", "error"}, strings.Fields(options)...)
	if out, err := exec.Command(FFmpeg(t), append(args, path)...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg %s: %v: %s", options, err, out)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
