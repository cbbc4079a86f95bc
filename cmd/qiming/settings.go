package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"
	"gopkg.in/yaml.v3"
)

// yamlLoader reads settings by the names of the flags. A name that no flag has is a mistake that
// must be heard of.
func yamlLoader(r io.Reader) (kong.Resolver, error) {
	settings := map[string]any{}
	if err := yaml.NewDecoder(r).Decode(&settings); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return yamlSettings(settings), nil
}

type yamlSettings map[string]any

// Validate refuses a setting that no command has.
func (y yamlSettings) Validate(application *kong.Application) error {
	known := map[string]bool{}
	err := kong.Visit(application, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			known[flag.Name] = true
		}
		return next(nil)
	})
	if err != nil {
		return err
	}
	for name := range y {
		if !known[name] {
			return fmt.Errorf("the settings file names %q, which is no setting", name)
		}
	}
	return nil
}

// Resolve gives the setting of a flag, nil where the file has none or the environment says otherwise: flags
// come before variables, variables before the file.
func (y yamlSettings) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil
		}
	}
	return y[flag.Name], nil
}
