package app

import (
	"fmt"
	"path/filepath"
	"time"
)

// Place says where the data are. Every command that works on data takes it.
type Place struct {
	Data  string `default:"./data" placeholder:"DIR" help:"Directory of the data: database, key, files (made where there is none)."`
	DB    string `placeholder:"URL" help:"Database: sqlite:PATH (default: qiming.db in the data directory) or mongodb://HOST/DATABASE."`
	Media string `placeholder:"URL" help:"Files: dir:PATH (default: media in the data directory) or s3://KEY:SECRET@HOST:PORT/BUCKET?secure=false."`
	Key   string `placeholder:"HEX" help:"The server's secret, 64 hexadecimal digits, the same for all processes on one database (default: the file key in the data directory)."`
	Quota int64  `default:"20480" placeholder:"MIB" help:"Files that one organisation may keep, in MiB; 0 is no limit."`
	Video int64  `default:"4096" placeholder:"MIB" help:"The largest video that may be uploaded, in MiB."`
	Zone  string `default:"Asia/Shanghai" help:"Time zone of the organisation."`
}

// Serving says how the server serves.
type Serving struct {
	Listen      string        `default:"127.0.0.1:8080" placeholder:"ADDR" help:"Address to listen on; :8080 is every address of the machine."`
	Demo        bool          `help:"Fill an empty database with a demo organisation and print who can sign in. The passwords are known to everybody: never with real data."`
	Private     string        `placeholder:"ADDR" help:"Address of a second listener with profiling (/debug/pprof/) and /metrics, for the operator only. Off by default."`
	Proxies     []string      `placeholder:"ADDR" help:"Addresses or networks of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed."`
	RateAccount float64       `default:"50" placeholder:"N" help:"Requests per second of one account; ten seconds' worth at once. 0 is no limit."`
	RateAddress float64       `default:"200" placeholder:"N" help:"Requests per second of one address before sign-in; ten seconds' worth at once. 0 is no limit."`
	Drain       time.Duration `default:"20s" help:"How long running requests may take to finish when the server is told to stop."`
	FFmpeg      string        `name:"ffmpeg" default:"ffmpeg" placeholder:"PATH" help:"Program that makes videos ready to be streamed, with ffprobe beside it; empty: videos play as they came."`
	LogLevel    string        `default:"info" enum:"debug,info,warn,error" help:"Least level that is logged: debug, info, warn, error."`
}

// Config is the whole configuration of a server.
type Config struct {
	Place   `embed:""`
	Serving `embed:""`
}

// Defaults gives the configuration of a server that was told nothing but its data directory.
func Defaults(data string) Config {
	return Config{
		Place: Place{Data: data, Quota: 20480, Video: 4096, Zone: "Asia/Shanghai"},
		Serving: Serving{
			Listen: "127.0.0.1:8080", RateAccount: 50, RateAddress: 200, Drain: 20 * time.Second, FFmpeg: "ffmpeg", LogLevel: "info",
		},
	}
}

func (p Place) database() string {
	if p.DB != "" {
		return p.DB
	}
	return "sqlite:" + filepath.Join(p.Data, "qiming.db")
}

func (p Place) media() string {
	if p.Media != "" {
		return p.Media
	}
	return "dir:" + filepath.Join(p.Data, "media")
}

func (p Place) zone() (*time.Location, error) {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		return nil, fmt.Errorf("time zone %q is not known: %w", p.Zone, err)
	}
	return zone, nil
}
