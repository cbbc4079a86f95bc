package main

import (
	"bytes"
	"encoding/json"

	"qiming/app"
)

type openapiCommand struct{}

// Run prints the document; the client's types are made of it.
func (openapiCommand) Run(s streams) error {
	document, err := app.Document("1")
	if err != nil {
		return err
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, document, "", " "); err != nil {
		return err
	}
	pretty.WriteByte('\n')
	_, err = s.out.Write(pretty.Bytes())
	return err
}
