package main

import (
	"context"
	"errors"
)

// startLocal runs the daemon in-process on the data directory.
func (c *cli) startLocal(ctx context.Context) (*client, func() error, error) {
	return nil, nil, errors.New("no daemon is running: start one with `rollcall serve`")
}
