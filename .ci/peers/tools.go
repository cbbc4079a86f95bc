//go:build tools

// Package peers pins the servers that the tests run against; see ferretdb/ and the Makefile.
package peers

import _ "github.com/minio/minio"
