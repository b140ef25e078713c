package store_test

import (
	"fmt"
	"strings"
	"testing"

	"rollcall/hall"
	"rollcall/store"
)

// sharedPolicy is a policy of a hall with a name of so many letters.
func sharedPolicy(t testing.TB, h hall.ID, id, name string) hall.Event {
	t.Helper()
	return eventOf(t, h, hall.KindPolicy, "office", fmt.Sprintf(`{"id":%q,"time":"2020-01-01T00:00:00Z","policy":{"hall":%q,"name":%q,`+
		`"timezone":"Asia/Shanghai","effective":"2020-01-01","timetables":[{"from":"01-01","sessions":[{"name":"day","start":"09:00","end":"17:00"}]}],`+
		`"classes":[{"name":"staff","punches":true}],"windows":[{"id":"w01","number":1,"name":"One"}]}}`, id, h, name))
}

// policies are those that a view has of a hall.
func policies(t testing.TB, v *store.View, h hall.ID) []*hall.PolicyEvent {
	t.Helper()
	var list []*hall.PolicyEvent
	for fact, err := range v.Of(h, hall.KindPolicy) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, fact.(*hall.PolicyEvent))
	}
	return list
}

// TestPolicyIsDecodedOnce: two views share a policy, each with a head of its own.
func TestPolicyIsDecodedOnce(t *testing.T) {
	s := openStore(t)
	apply(t, s, sharedPolicy(t, "demo", "p1", "Demo"))
	var first *hall.PolicyEvent
	view(t, s, func(v *store.View) { first = policies(t, v, "demo")[0] })
	first.Time = 1
	view(t, s, func(v *store.View) {
		again := policies(t, v, "demo")[0]
		if again.Policy != first.Policy {
			t.Error("the policy was decoded twice")
		}
		if again == first || again.Time == 1 {
			t.Error("what one reader does to a head the next one sees")
		}
	})
}

// TestPolicyOfTheView: a view has the body that counted at its moment, whatever was
// read before and meanwhile.
func TestPolicyOfTheView(t *testing.T) {
	a, b := sharedPolicy(t, "demo", "p1", "A"), sharedPolicy(t, "demo", "p1", "B")
	later := a // the body with the smaller sum counts as soon as it is there
	if strings.Compare(string(a.Sum[:]), string(b.Sum[:])) < 0 {
		a, later = b, a
	}
	want := []string{a.Fact.(*hall.PolicyEvent).Policy.Name, later.Fact.(*hall.PolicyEvent).Policy.Name}
	s := openStore(t)
	apply(t, s, a)
	view(t, s, func(old *store.View) {
		named := func(v *store.View, want string) {
			t.Helper()
			if got := policies(t, v, "demo")[0].Policy.Name; got != want {
				t.Errorf("the policy is that of %s, want %s", got, want)
			}
		}
		named(old, want[0])
		done := make(chan struct{})
		go func() {
			defer close(done)
			apply(t, s, later)
			view(t, s, func(v *store.View) { named(v, want[1]) })
		}()
		<-done
		named(old, want[0])
	})
}

// TestSharedIsBounded: policies of more halls than are remembered are read right.
func TestSharedIsBounded(t *testing.T) {
	s := openStore(t)
	const halls = 1200
	named := func(i int) (hall.ID, string) {
		return hall.ID(fmt.Sprintf("h%04d", i)), fmt.Sprintf("%04d%s", i, strings.Repeat("n", 4000))
	}
	var events []hall.Event
	for i := range halls {
		h, name := named(i)
		events = append(events, sharedPolicy(t, h, "p1", name))
	}
	apply(t, s, events...)
	view(t, s, func(v *store.View) {
		for i := range 2 * halls {
			h, name := named(i % halls)
			if got := policies(t, v, h)[0].Policy.Name; got != name {
				t.Fatalf("%s has the policy of %.4s", h, got)
			}
			if held, most := s.SharedBytes(); held > most {
				t.Fatalf("%d bytes of bodies are remembered, want at most %d", held, most)
			}
		}
	})
}
