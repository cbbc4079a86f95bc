package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// s3 keeps objects on an S3 server. The checksum travels as user metadata.
type s3 struct {
	client *minio.Client
	public *minio.Client // signs URLs for browsers; nil where the address names no public host
	bucket string
}

const checksumHeader = "Sha256"

func openS3(ctx context.Context, u *url.URL) (Bucket, error) {
	bucket := strings.Trim(u.Path, "/")
	secret, _ := u.User.Password()
	if bucket == "" || u.User.Username() == "" || secret == "" {
		return nil, fmt.Errorf("media: an S3 address names key, secret and bucket: s3://KEY:SECRET@HOST:PORT/BUCKET")
	}
	options := minio.Options{
		Creds:  credentials.NewStaticV4(u.User.Username(), secret, ""),
		Secure: u.Query().Get("secure") != "false",
		Region: u.Query().Get("region"),
	}
	client, err := minio.New(u.Host, &options)
	if err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	public, err := publicClient(u.Query().Get("public"), options)
	if err != nil {
		return nil, err
	}
	err = client.MakeBucket(ctx, bucket, minio.MakeBucketOptions{Region: u.Query().Get("region")})
	if code := minio.ToErrorResponse(err).Code; err != nil && code != "BucketAlreadyOwnedByYou" && code != "BucketAlreadyExists" {
		return nil, fmt.Errorf("media: bucket %s on %s: %w", bucket, u.Host, err)
	}
	return &s3{client: client, public: public, bucket: bucket}, nil
}

// publicClient signs URLs of the host that browsers reach the server by. It never connects: without a
// region it would have to ask, so there is one.
func publicClient(address string, options minio.Options) (*minio.Client, error) {
	if address == "" {
		return nil, nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.Trim(u.Path, "/") != "" {
		return nil, fmt.Errorf("media: public=%q: name the server as browsers reach it, such as https://files.example.org", address)
	}
	options.Secure = u.Scheme == "https"
	if options.Region == "" {
		options.Region = "us-east-1" // what MinIO calls itself
	}
	client, err := minio.New(u.Host, &options)
	if err != nil {
		return nil, fmt.Errorf("media: public: %w", err)
	}
	return client, nil
}

// PublicOrigin gives the origin that browsers fetch files from directly, by the address of a bucket; "" = none.
func PublicOrigin(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" {
		return ""
	}
	public, err := url.Parse(u.Query().Get("public"))
	if err != nil || public.Host == "" {
		return ""
	}
	return public.Scheme + "://" + public.Host
}

// Presign lets a browser fetch an object from the server itself; see Presigner.
func (b *s3) Presign(ctx context.Context, key string, ttl time.Duration, f File) (string, error) {
	if b.public == nil || ttl < time.Second {
		return "", nil
	}
	ask := url.Values{}
	ask.Set("response-content-disposition", f.disposition())
	ask.Set("response-cache-control", "private, max-age=86400")
	u, err := b.public.PresignedGetObject(ctx, b.bucket, key, min(ttl, 7*24*time.Hour), ask)
	if err != nil {
		return "", unavailable(err)
	}
	return u.String(), nil
}

func (b *s3) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) (Object, error) {
	if err := checkKey(key); err != nil {
		return Object{}, err
	}
	// The checksum must be known before the first byte is sent: what can be read twice is, all else goes
	// through a file.
	sum, staged := sha256.New(), io.Writer(io.Discard)
	file, twice := r.(io.ReadSeeker)
	start := int64(0)
	if twice {
		var err error
		if start, err = file.Seek(0, io.SeekCurrent); err != nil {
			return Object{}, unavailable(err)
		}
	} else {
		temp, err := os.CreateTemp("", "qiming-media-")
		if err != nil {
			return Object{}, unavailable(err)
		}
		defer os.Remove(temp.Name())
		defer temp.Close()
		file, staged = temp, temp
	}
	n, err := io.Copy(io.MultiWriter(staged, sum), contextReader{ctx, r})
	if err != nil {
		return Object{}, unavailable(err)
	}
	if size >= 0 && n != size {
		return Object{}, wrongSize(key, n, size)
	}
	if _, err := file.Seek(start, io.SeekStart); err != nil {
		return Object{}, unavailable(err)
	}
	checksum := hex.EncodeToString(sum.Sum(nil))
	_, err = b.client.PutObject(ctx, b.bucket, key, file, n, minio.PutObjectOptions{
		ContentType: contentType, UserMetadata: map[string]string{checksumHeader: checksum},
	})
	if err != nil {
		return Object{}, unavailable(err)
	}
	return b.Stat(ctx, key)
}

// Join passes the parts through this process, a few MiB at a time: S3's own joining takes no part below 5 MiB.
func (b *s3) Join(ctx context.Context, key string, parts []string, want Object, seen func(int64)) (Object, error) {
	if err := checkKey(key); err != nil {
		return Object{}, err
	}
	if err := b.client.RemoveIncompleteUpload(ctx, b.bucket, key); err != nil { // of a try that was cut off
		return Object{}, unavailable(err)
	}
	want.Key = key
	joined := newJoined(ctx, b, parts, seen)
	defer joined.Close()
	checked := verify(joined, want)
	_, err := b.client.PutObject(ctx, b.bucket, key, checked, want.Size, minio.PutObjectOptions{
		ContentType: want.Type, UserMetadata: map[string]string{checksumHeader: want.SHA256},
	})
	if err != nil {
		return Object{}, unavailable(err)
	}
	return b.Stat(ctx, key)
}

func (b *s3) Get(ctx context.Context, key string, piece Range) (io.ReadCloser, Object, error) {
	object, err := b.Stat(ctx, key)
	if err != nil {
		return nil, Object{}, err
	}
	if err := piece.check(object.Size); err != nil {
		return nil, Object{}, err
	}
	if !piece.covers(object.Size) && piece.Offset == object.Size {
		return io.NopCloser(strings.NewReader("")), object, nil // no S3 range says this
	}
	var options minio.GetObjectOptions
	if !piece.covers(object.Size) {
		last := object.Size - 1
		if piece.Length > 0 {
			last = piece.Offset + piece.Length - 1
		}
		if err := options.SetRange(piece.Offset, last); err != nil {
			return nil, Object{}, unavailable(err)
		}
	}
	reader, err := b.client.GetObject(ctx, b.bucket, key, options)
	if err != nil {
		return nil, Object{}, b.fault(key, err)
	}
	if piece.covers(object.Size) {
		return verify(reader, object), object, nil
	}
	return reader, object, nil
}

func (b *s3) Stat(ctx context.Context, key string) (Object, error) {
	if err := checkKey(key); err != nil {
		return Object{}, err
	}
	info, err := b.client.StatObject(ctx, b.bucket, key, minio.StatObjectOptions{})
	if err != nil {
		return Object{}, b.fault(key, err)
	}
	return described(info), nil
}

func described(info minio.ObjectInfo) Object {
	return Object{
		Key: info.Key, Size: info.Size, Type: info.ContentType,
		SHA256: info.UserMetadata[checksumHeader], StoredAt: info.LastModified.UTC().Truncate(time.Millisecond),
	}
}

func (b *s3) Delete(ctx context.Context, key string) error {
	if _, err := b.Stat(ctx, key); err != nil { // S3 answers a removal of nothing with success
		return err
	}
	return unavailable(b.client.RemoveObject(ctx, b.bucket, key, minio.RemoveObjectOptions{}))
}

func (b *s3) List(ctx context.Context, prefix string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel() // ends the listing's goroutine
		for info := range b.client.ListObjects(ctx, b.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
			if info.Err != nil {
				yield(Object{}, unavailable(info.Err))
				return
			}
			if !yield(described(info), nil) {
				return
			}
		}
	}
}

func (b *s3) fault(key string, err error) error {
	if minio.ToErrorResponse(err).StatusCode == http.StatusNotFound {
		return notFound(key)
	}
	return unavailable(err)
}
