package store

import (
	"context"
	"errors"
)

func openMongo(ctx context.Context, url string) (engine, error) {
	return nil, errors.New("store: the MongoDB engine is not built yet")
}
