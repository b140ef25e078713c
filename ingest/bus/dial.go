package bus

// More connections to the same server.

import (
	"fmt"

	"github.com/nats-io/nats.go"
)

// Dial returns another connection to the server, with the rights of this one. It
// is for those who measure what else can be done with the stream; a daemon needs
// none. Close it before Stop.
func (b *Bus) Dial() (*nats.Conn, error) {
	nc, err := b.dial()
	if err != nil {
		return nil, fmt.Errorf("connect to the bus once more: %w", err)
	}
	return nc, nil
}
