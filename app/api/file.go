package api

import (
	"mime"

	"github.com/danielgtaylor/huma/v2"
)

// File is the output of a download.
type File struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// file gives bytes as a download under a name, which may be Chinese.
func file(name, contentType string, content []byte) *File {
	return &File{
		ContentType: contentType,
		Disposition: mime.FormatMediaType("attachment", map[string]string{"filename": name}),
		Body:        content,
	}
}

// Upload is the input of a row that takes one file and nothing else; rows with more fields
// declare their own form. Such a row carries the option upload().
type Upload struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true"`
	}]
}
