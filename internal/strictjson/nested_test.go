package strictjson_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/internal/strictjson"
)

// A verbatim is a type with a JSON form of its own: it keeps what it is given.
type verbatim string

var errVerbatim = errors.New("unwanted")

func (r *verbatim) UnmarshalJSON(b []byte) error {
	if strings.Contains(string(b), "unwanted") {
		return errVerbatim
	}
	*r = verbatim(b)
	return nil
}

func TestJSON(t *testing.T) {
	for in, want := range map[string]verbatim{
		`{}`:                           "untouched",
		`{"x":null}`:                   "null",
		`{"x":"a<b"}`:                  `"a\u003cb"`,
		`{"x":1.50e+3}`:                "1.50e+3",
		`{"x":123456789012345678901}`:  "123456789012345678901",
		`{"x":[true,{"b":[],"a":{}}]}`: `[true,{"a":{},"b":[]}]`,
	} {
		got := verbatim("untouched")
		err := strictjson.Decode("op", []byte(in), func(v strictjson.Value) {
			v.Object(func(o strictjson.Object) { o.May("x").JSON(&got) })
		})
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("%s: error %v (-want +got):\n%s", in, err, d)
		}
	}
	got := verbatim("untouched")
	err := strictjson.Decode("op", []byte(`{"x":["unwanted"]}`), func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) { o.May("x").JSON(&got) })
	})
	if !errors.Is(err, errVerbatim) || err.Error() != "op: x: unwanted" || got != "untouched" {
		t.Errorf("%q, %v", got, err)
	}
}

// A nested decoder's error continues the outer path, and names the outer
// operation alone.
func TestJSONContinuesThePath(t *testing.T) {
	err := strictjson.Decode("outer", []byte(`{"plans":[{"rate":1}]}`), func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			for _, v := range o.Need("plans").Items(1) {
				v.JSON(new(nested))
			}
		})
	})
	const want = "outer: plans[0].rate: invalid JSON: want a string, not the number \"1\""
	if err == nil || err.Error() != want || !errors.Is(err, strictjson.ErrInvalid) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A nested is an object with a rate and a name.
type nested struct{ rate, name string }

func (n *nested) UnmarshalJSON(b []byte) error {
	return strictjson.Decode("inner", b, func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) { n.rate, n.name = o.Need("rate").Text(), o.May("name").Text() })
	})
}

func TestRest(t *testing.T) {
	read := func(in string) (plan string, n nested, err error) {
		err = strictjson.Decode("outer", []byte(in), func(v strictjson.Value) {
			v.Object(func(o strictjson.Object) {
				plan = o.Need("plan").Text()
				o.Rest(&n)
			})
		})
		return plan, n, err
	}
	if plan, n, err := read(`{"rate":"1","plan":"team","name":"x"}`); plan != "team" || n != (nested{"1", "x"}) || err != nil {
		t.Errorf("%q, %v, %v", plan, n, err)
	}
	for in, want := range map[string]string{
		`{"plan":"team"}`:                     "outer: rate: invalid JSON: field is missing",
		`{"plan":"team","rate":"1","more":1}`: "outer: more: invalid JSON: unknown field",
		`{"rate":"1"}`:                        "outer: plan: invalid JSON: field is missing",
	} {
		if _, _, err := read(in); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", in, err, want)
		}
	}
}

func TestDefault(t *testing.T) {
	for in, want := range map[string]verbatim{
		`{"d":1,"x":{"a":2}}`:       `{"a":2,"d":1}`,
		`{"d":1,"x":{"a":2,"d":3}}`: `{"a":2,"d":3}`,
		`{"x":{"a":2}}`:             `{"a":2}`,
		`{"d":1,"x":[]}`:            `[]`,
	} {
		var got, again verbatim
		err := strictjson.Decode("op", []byte(in), func(v strictjson.Value) {
			v.Object(func(o strictjson.Object) {
				x := o.Need("x")
				x.Default("d", o.May("d")).JSON(&got)
				x.JSON(&again)
			})
		})
		if got != want || err != nil || strings.Contains(string(again), "1") {
			t.Errorf("%s: %s, %s, %v; want %s", in, got, again, err, want)
		}
	}
}

func TestJoin(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{`{"a":1}`, `{"b":2}`, `{"a":1,"b":2}`},
		{`{}`, `{"b":2}`, `{"b":2}`},
		{`{"a":1}`, `{}`, `{"a":1}`},
		{`{}`, `{}`, `{}`},
	} {
		a := []byte(c.a)
		if got := strictjson.Join(a, []byte(c.b)); string(got) != c.want || string(a) != c.a {
			t.Errorf("%s and %s: %s, %s left", c.a, c.b, got, a)
		}
	}
}

func TestOmit(t *testing.T) {
	const data = `{"a":1,"r":{"p":2},"z":{"r":{"p":2}},"y":{"a":1,"r":{"p":2}}}`
	if got := strictjson.Omit([]byte(data), "r", []byte(`{"p":2}`)); string(got) != `{"a":1,"z":{"r":{"p":2}},"y":{"a":1,"r":{"p":2}}}` {
		t.Errorf("got %s", got)
	}
	if got := strictjson.Omit([]byte(data), "r", []byte(`{"p":3}`)); string(got) != data {
		t.Errorf("got %s", got)
	}
}
