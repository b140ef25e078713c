package bus_test

import (
	"errors"
	"fmt"
	"testing"

	"rollcall/hall"
	"rollcall/ingest/bus"
)

func sealPart(number, part int) bus.Outgoing {
	id := fmt.Sprintf("2020-11-%d-%d", number, part)
	return bus.Outgoing{
		Subject: "rollcall.H1.seal.office",
		UID:     hall.NewUID("H1", hall.KindSeal, "office", id),
		Body:    fmt.Appendf(nil, `{"id":"%s"}`, id),
	}
}

func TestPublishTogether(t *testing.T) {
	b := open(t, anywhere(t.TempDir()))
	ctx := t.Context()
	const seals = "rollcall.H1.seal.>"
	fill(t, b, 1, 10)
	if _, err := b.LastOf(ctx, seals); !errors.Is(err, hall.ErrNotFound) {
		t.Fatalf("LastOf = %v, want not found", err)
	}
	first := []bus.Outgoing{sealPart(1, 1), sealPart(1, 2), sealPart(1, 3)}
	second := []bus.Outgoing{sealPart(2, 1)}
	for i, tt := range []struct {
		events []bus.Outgoing
		last   uint64
		want   bus.Ack
		err    error
	}{
		{first, 10, bus.Ack{}, hall.ErrConflict}, // message 10 is no seal
		{first, 0, bus.Ack{Sequence: 13}, nil},
		{second, 0, bus.Ack{}, hall.ErrConflict},
		{second, 13, bus.Ack{Sequence: 14}, nil},
		{[]bus.Outgoing{sealPart(3, 1), sealPart(2, 1)}, 14, bus.Ack{}, hall.ErrConflict},
		{nil, 14, bus.Ack{}, hall.ErrInvalid},
	} {
		ack, err := b.PublishTogether(ctx, tt.events, bus.Expected{Subject: seals, Last: tt.last})
		if ack != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("PublishTogether %d = %+v, %v, want %+v, %v", i, ack, err, tt.want, tt.err)
		}
	}
	m, err := b.LastOf(ctx, seals)
	if err != nil || m.Sequence != 14 || string(m.Body) != string(second[0].Body) {
		t.Errorf("LastOf = %d %s, %v", m.Sequence, m.Body, err)
	}
	if last, err := b.Last(ctx); last != 14 || err != nil {
		t.Errorf("Last = %d, %v, want 14: nothing of the refused ones", last, err)
	}
}
