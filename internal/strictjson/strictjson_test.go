package strictjson_test

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/supportplan/supportplan/internal/strictjson"
)

// A flag is a type with a text form of its own.
type flag string

var errFlag = errors.New("unknown flag")

func (f *flag) UnmarshalText(b []byte) error {
	if string(b) != "up" && string(b) != "down" {
		return errFlag
	}
	*f = flag(b)
	return nil
}

// doc is what the decoder under test reads, with a reader of each kind.
type doc struct {
	Text   string
	Bool   bool
	Int    int64
	Time   time.Time
	Flag   flag
	Items  []string
	ByName map[string]int64
	Maybe  string
	Has    bool
	Inner  *doc
}

func readDoc(v strictjson.Value) (d doc) {
	v.Object(func(o strictjson.Object) {
		d.Text = o.Need("text").Text()
		d.Bool = o.May("bool").Bool()
		d.Int = o.May("int").Int(-5, 1000)
		d.Time = o.May("time").Time()
		o.May("flag").Into(&d.Flag)
		for _, v := range o.May("items").Items(3) {
			d.Items = append(d.Items, v.Text())
		}
		for name, v := range o.May("byName").Fields() {
			if d.ByName == nil {
				d.ByName = make(map[string]int64)
			}
			d.ByName[name] = v.Int(0, 9)
		}
		maybe := o.May("maybe")
		d.Maybe, d.Has = maybe.Text(), maybe.IsPresent()
		if inner := o.May("inner"); inner.IsPresent() {
			i := readDoc(inner)
			d.Inner = &i
		}
	})
	return d
}

func decode(in string) (d doc, err error) {
	err = strictjson.Decode("pkg: decode doc", []byte(in), func(v strictjson.Value) { d = readDoc(v) })
	return d, err
}

func TestDecode(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	for _, c := range []struct {
		in   string
		want doc
	}{
		{`{"text":""}`, doc{}},
		{" \t\r\n{ \"text\" : \"a\\u00e9\\n\" }\n ", doc{Text: "aé\n"}},
		{`{"text":"t","bool":false,"int":0,"items":[],"byName":{}}`, doc{Text: "t"}},
		{
			`{"inner":{"text":"i","maybe":""},"maybe":"m","byName":{"b":0,"a":9},"items":["x","","z"],"flag":"down",` +
				`"time":"2026-01-02T03:04:05.000000006Z","int":-5,"bool":true,"text":"t"}`,
			doc{
				Text: "t", Bool: true, Int: -5, Time: at, Flag: "down", Items: []string{"x", "", "z"},
				ByName: map[string]int64{"a": 9, "b": 0}, Maybe: "m", Has: true, Inner: &doc{Text: "i", Has: true},
			},
		},
		{`{"text":"t","int":1000}`, doc{Text: "t", Int: 1000}},
		{`{"text":"t","int":-0}`, doc{Text: "t"}},
	} {
		got, err := decode(c.in)
		if d := cmp.Diff(c.want, got); d != "" || err != nil {
			t.Errorf("%s: error %v (-want +got):\n%s", c.in, err, d)
		}
	}
}

// Each error is the first one, and says where it is.
func TestDecodeErrors(t *testing.T) {
	long := strings.Repeat("x", 65)
	for _, c := range []struct{ in, want string }{
		// Not a document.
		{``, `unexpected EOF`},
		{` `, `unexpected EOF`},
		{`{`, `unexpected EOF`},
		{`{"text"`, `unexpected EOF`},
		{`{"text":`, `unexpected EOF`},
		{`{"text":"t"`, `unexpected EOF`},
		{`{"text":"t",`, `unexpected EOF`},
		{`{"items":[`, `unexpected EOF`},
		{`{"items":["a"`, `unexpected EOF`},
		{`"t`, `unexpected EOF`},
		{`{"text":"t"} {}`, `something follows the document`},
		{`{"text":"t"}]`, `something follows the document`},
		{`{"text":"t"}x`, `something follows the document`},
		{"{\"text\":\"t\"}\x00", `something follows the document`},
		{"\xef\xbb\xbf{}", "syntax error at \"\\ufeff{}\""},
		{"{\"text\":\"\xff\"}", `not UTF-8`},
		{"{\"text\":\"\xed\xa0\x80\"}", `not UTF-8`},
		{`{"text":tru}`, `syntax error at ":tru}"`},
		{`[1,,2]`, `syntax error at ",,2]"`},
		{`[1 2]`, `syntax error at "2]"`},
		{`{"text" 1}`, `syntax error at "1}"`},
		{`{"text":1,}`, `syntax error at ",}"`},
		{` ]`, `syntax error at "]"`},
		{`{"text":"a
b"}`, `syntax error at ":\"a\nb\"}"`},
		{`{"text":01}`, `syntax error at "1}"`},
		// Nested too deeply: 32 arrays and objects are the most.
		{strings.Repeat("[", 32) + "1" + strings.Repeat("]", 32), `want an object, not an array`},
		{strings.Repeat("[", 33) + strings.Repeat("]", 33), strings.Repeat("[0]", 32) + `: nested deeper than 32`},
		{strings.Repeat(`{"a":`, 32) + `1` + strings.Repeat("}", 32), `a: unknown field`},
		{strings.Repeat(`{"a":`, 33) + `1` + strings.Repeat("}", 33), `a` + strings.Repeat(".a", 31) + `: nested deeper than 32`},
		{`{"items":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}`, `items` + strings.Repeat("[0]", 31) + `: nested deeper than 32`},
		// Fields twice.
		{`{"text":"t","text":"t"}`, `text: field appears twice`},
		{`{"text":1,"text":2,"x":1,"x":2}`, `text: field appears twice`},
		{`{"text":"t","t\u0065xt":"t"}`, `text: field appears twice`},
		{`{"":1,"":2}`, `"": field appears twice`},
		{`{"a\nb":1,"a\nb":2}`, `"a\nb": field appears twice`},
		{`{"a":[{},{"b":[1,{"c":1,"c":2}]}]}`, `a[1].b[1].c: field appears twice`},
		{`{"` + long + `":1,"` + long + `":2}`, `"` + long[:64] + `"…: field appears twice`},
		// The root of the wrong kind.
		{`null`, `want an object, not null`},
		{`[]`, `want an object, not an array`},
		{`"s"`, `want an object, not the string "s"`},
		{`12`, `want an object, not the number "12"`},
		{`true`, `want an object, not true`},
		// Fields missing, unknown, or in the wrong case.
		{`{}`, `text: field is missing`},
		{`{"Text":"t"}`, `Text: unknown field`},
		{`{"text":"t","inner":{"txt":"t"}}`, `inner.txt: unknown field`},
		{`{"text":"t","texts":"t","inner":{}}`, `inner.text: field is missing`},
		{`{"text":"t","INT":1}`, `INT: unknown field`},
		{`{"text":"t","z":1,"b":1,"y":1}`, `b: unknown field`},
		{`{"text":"t","z":null}`, `z: unknown field`},
		{`{"text":"t","":1}`, `"": unknown field`},
		{`{"text":"t","a.b":1}`, `a.b: unknown field`},
		{`{"text":"t","inner":{}}`, `inner.text: field is missing`},
		{`{"text":"t","inner":{"text":"t","inner":{"text":"t","q":1}}}`, `inner.inner.q: unknown field`},
		{`{"text":"t","` + long + `":1}`, `"` + long[:64] + `"…: unknown field`},
		// The first error in the decoder's order, not in the document's.
		{`{"z":1,"int":"1","text":2}`, `text: want a string, not the number "2"`},
		{`{"z":1,"int":"1","text":"t"}`, `int: want a whole number from -5 to 1000, not the string "1"`},
		// Each reader.
		{`{"text":null}`, `text: want a string, not null`},
		{`{"text":["` + long + `"]}`, `text: want a string, not an array`},
		{`{"text":{}}`, `text: want a string, not an object`},
		{`{"text":false}`, `text: want a string, not false`},
		{`{"text":"t","bool":null}`, `bool: want true or false, not null`},
		{`{"text":"t","bool":"true"}`, `bool: want true or false, not the string "true"`},
		{`{"text":"t","bool":1}`, `bool: want true or false, not the number "1"`},
		{`{"text":"t","int":null}`, `int: want a whole number from -5 to 1000, not null`},
		{`{"text":"t","int":-6}`, `int: want a whole number from -5 to 1000, not the number "-6"`},
		{`{"text":"t","int":1001}`, `int: want a whole number from -5 to 1000, not the number "1001"`},
		{`{"text":"t","int":1.0}`, `int: want a whole number from -5 to 1000, not the number "1.0"`},
		{`{"text":"t","int":1e2}`, `int: want a whole number from -5 to 1000, not the number "1e2"`},
		{`{"text":"t","int":9223372036854775808}`, `int: want a whole number from -5 to 1000, not the number "9223372036854775808"`},
		{
			`{"text":"t","int":` + strings.Repeat("9", 1000) + `}`,
			`int: want a whole number from -5 to 1000, not the number "` + strings.Repeat("9", 64) + `"…`,
		},
		{`{"text":"t","time":null}`, `time: want a string, not null`},
		{`{"text":"t","time":0}`, `time: want a string, not the number "0"`},
		{`{"text":"t","time":""}`, `time: want an RFC 3339 time, not the string ""`},
		{`{"text":"t","time":"2026-01-02"}`, `time: want an RFC 3339 time, not the string "2026-01-02"`},
		{`{"text":"t","time":"2026-02-29T00:00:00Z"}`, `time: want an RFC 3339 time, not the string "2026-02-29T00:00:00Z"`},
		{`{"text":"t","time":"2026-01-01T24:00:00Z"}`, `time: want an RFC 3339 time, not the string "2026-01-01T24:00:00Z"`},
		{`{"text":"t","time":"2026-01-01T00:00:00+24:00"}`, `time: want an RFC 3339 time, not the string "2026-01-01T00:00:00+24:00"`},
		{`{"text":"t","time":"2026-01-01T00:00:00+01:60"}`, `time: want an RFC 3339 time, not the string "2026-01-01T00:00:00+01:60"`},
		{`{"text":"t","time":"2026-01-01T1:00:00Z"}`, `time: want an RFC 3339 time, not the string "2026-01-01T1:00:00Z"`},
		{`{"text":"t","time":"2026-01-01T00:00:00,5Z"}`, `time: want an RFC 3339 time, not the string "2026-01-01T00:00:00,5Z"`},
		{`{"text":"t","time":"2026-01-01T00:00:00.0000000001Z"}`, `time: want an RFC 3339 time, not the string "2026-01-01T00:00:00.0000000001Z"`},
		{`{"text":"t","time":"2026-01-01t00:00:00Z"}`, `time: want an RFC 3339 time, not the string "2026-01-01t00:00:00Z"`},
		{`{"text":"t","time":"2026-01-01T00:00:60Z"}`, `time: want an RFC 3339 time, not the string "2026-01-01T00:00:60Z"`},
		{`{"text":"t","flag":null}`, `flag: want a string, not null`},
		{`{"text":"t","flag":1}`, `flag: want a string, not the number "1"`},
		{`{"text":"t","items":null}`, `items: want an array, not null`},
		{`{"text":"t","items":{}}`, `items: want an array, not an object`},
		{`{"text":"t","items":["a",2]}`, `items[1]: want a string, not the number "2"`},
		{`{"text":"t","items":["a",null]}`, `items[1]: want a string, not null`},
		{`{"text":"t","items":["","","",""]}`, `items: 4 items are over the limit of 3`},
		{`{"text":"t","byName":null}`, `byName: want an object, not null`},
		{`{"text":"t","byName":[]}`, `byName: want an object, not an array`},
		{`{"text":"t","byName":{"b":null,"a":null}}`, `byName.a: want a whole number from 0 to 9, not null`},
		{`{"text":"t","maybe":null}`, `maybe: want a string, not null`},
		{`{"text":"t","inner":null}`, `inner: want an object, not null`},
		{`{"text":"t","inner":[]}`, `inner: want an object, not an array`},
	} {
		want := "pkg: decode doc: invalid JSON: " + c.want
		// A value's own path stands before what is wrong with it.
		if path, rest, ok := strings.Cut(c.want, ": "); ok && !strings.Contains(c.want, "field appears twice") && !strings.Contains(c.want, "nested") {
			want = "pkg: decode doc: " + path + ": invalid JSON: " + rest
		}
		for range 3 { // the order of maps has no say
			_, err := decode(c.in)
			if !errors.Is(err, strictjson.ErrInvalid) || err.Error() != want {
				t.Errorf("%.80s:\n got %v\nwant %s", c.in, err, want)
			}
		}
	}
}

func TestUnexpectedEndIsNamed(t *testing.T) {
	if _, err := decode(`{"text":`); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

// What a type's own text form says is the error, with its path.
func TestIntoError(t *testing.T) {
	d, err := decode(`{"text":"t","flag":"sideways"}`)
	if !errors.Is(err, errFlag) || errors.Is(err, strictjson.ErrInvalid) || err.Error() != "pkg: decode doc: flag: unknown flag" {
		t.Errorf("got %v", err)
	}
	if d.Flag != "" {
		t.Errorf("flag is %q", d.Flag)
	}
}

func TestReadersReturnZeroAfterAnError(t *testing.T) {
	d, err := decode(`{"text":1,"bool":1,"int":1001,"time":1,"flag":1,"items":["","","",""],"byName":1,"maybe":1}`)
	if d := cmp.Diff(doc{Has: true}, d); d != "" || err == nil {
		t.Errorf("error %v (-want +got):\n%s", err, d)
	}
}

// The limit on a document's size is its own error, whatever the document is.
func TestMaxBytes(t *testing.T) {
	const max = 4 << 20
	if strictjson.MaxBytes != max || strictjson.MaxDepth != 32 {
		t.Errorf("limits of %d bytes and %d levels", strictjson.MaxBytes, strictjson.MaxDepth)
	}
	in := `{"text":"t"}` + strings.Repeat(" ", max-len(`{"text":"t"}`))
	if _, err := decode(in); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	_, err := decode(in + " ")
	if want := "pkg: decode doc: invalid JSON: 4194305 bytes are over the limit of 4194304"; !errors.Is(err, strictjson.ErrInvalid) || err.Error() != want {
		t.Errorf("over the limit: %v; want %s", err, want)
	}
}

func TestIntBounds(t *testing.T) {
	for in, want := range map[string]int64{
		"9223372036854775807": math.MaxInt64, "-9223372036854775808": math.MinInt64, "0": 0, "-1": -1,
	} {
		var got int64
		err := strictjson.Decode("op", []byte(in), func(v strictjson.Value) { got = v.Int(math.MinInt64, math.MaxInt64) })
		if got != want || err != nil {
			t.Errorf("%s: %d, %v", in, got, err)
		}
	}
	err := strictjson.Decode("op", []byte("-9223372036854775809"), func(v strictjson.Value) { v.Int(math.MinInt64, math.MaxInt64) })
	want := `op: invalid JSON: want a whole number from -9223372036854775808 to 9223372036854775807, not the number "-9223372036854775809"`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Times keep the offset that they are written in, and never take the
// machine's zone.
func TestTime(t *testing.T) {
	local := time.Local
	defer func() { time.Local = local }()
	time.Local = time.FixedZone("HERE", 7200)
	for _, c := range []struct {
		in, want string
		loc      string
	}{
		{"2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z", "UTC"},
		{"2026-01-02T03:04:05+00:00", "2026-01-02T03:04:05Z", "UTC"},
		{"2026-01-02T03:04:05-00:00", "2026-01-02T03:04:05Z", "UTC"},
		{"2026-01-02T03:04:05.25+02:00", "2026-01-02T03:04:05.25+02:00", ""},
		{"2026-01-02T03:04:05-23:59", "2026-01-02T03:04:05-23:59", ""},
		{"0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "UTC"},
		{"9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z", "UTC"},
	} {
		var got time.Time
		err := strictjson.Decode("op", []byte(`"`+c.in+`"`), func(v strictjson.Value) { got = v.Time() })
		if err != nil || got.Format(time.RFC3339Nano) != c.want || got.Location().String() != c.loc {
			t.Errorf("%s: %v in %q, %v", c.in, got, got.Location(), err)
		}
	}
}

func TestFieldsInOrder(t *testing.T) {
	var names []string
	err := strictjson.Decode("op", []byte(`{"c":1,"a":2,"":3,"B":4}`), func(v strictjson.Value) {
		for name := range v.Fields() {
			names = append(names, name)
		}
		for range v.Fields() {
			break // stopping early is fine
		}
	})
	if d := cmp.Diff([]string{"", "B", "a", "c"}, names); d != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, d)
	}
}

// The zero Value is absent: its readers return zero values and no error.
func TestAbsent(t *testing.T) {
	err := strictjson.Decode("op", []byte(`{}`), func(v strictjson.Value) {
		v.Object(func(o strictjson.Object) {
			a := o.May("a")
			into := flag("untouched")
			a.Into(&into)
			a.Fail(errFlag)
			a.Object(func(strictjson.Object) { t.Error("an absent object was read") })
			for name := range a.Fields() {
				t.Errorf("an absent object has the field %q", name)
			}
			if a.IsPresent() || a.Text() != "" || a.Bool() || a.Int(1, 2) != 0 || !a.Time().IsZero() || a.Items(1) != nil || into != "untouched" {
				t.Error("an absent value was read as something")
			}
		})
	})
	if err != nil {
		t.Error(err)
	}
}

// Fail keeps the first failure.
func TestFail(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`[1]`, "op: [0]: unknown flag"},
		{`1`, "op: unknown flag"},
	} {
		err := strictjson.Decode("op", []byte(c.in), func(v strictjson.Value) {
			for _, i := range v.Items(1) {
				i.Fail(errFlag)
			}
			v.Fail(errFlag)
			v.Fail(io.EOF)
		})
		if c.in == "1" { // Items failed first
			c.want = `op: invalid JSON: want an array, not the number "1"`
		}
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.in, err, c.want)
		}
	}
	err := strictjson.Decode("op", []byte(`{}`), func(v strictjson.Value) { v.Fail(errFlag) })
	if !errors.Is(err, errFlag) || err.Error() != "op: unknown flag" {
		t.Errorf("at the root: %v", err)
	}
}

// A hostile document costs time and memory in proportion to its size, which
// is limited.
func TestHostileDocuments(t *testing.T) {
	for _, in := range []string{
		strings.Repeat("[", 1<<20),
		strings.Repeat(`{"a":`, 1<<18),
		"[" + strings.Repeat("9", 1<<20) + "]",
		`{"` + strings.Repeat(`\u0000`, 1<<17) + `":1}`,
		strings.Repeat("[[],", 1<<10),
	} {
		_, err := decode(in)
		if !errors.Is(err, strictjson.ErrInvalid) || len(err.Error()) > 2000 {
			t.Errorf("%.20s: %.2000v", in, err)
		}
	}
}

func TestInstant(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	base := time.Date(1883, 11, 18, 12, 0, 0, 7, time.UTC) // local mean time in New York, 4:56:02 behind
	for _, c := range []struct {
		offset int
		utc    bool
	}{
		{0, false},
		{60, false},
		{-60, false},
		{19800, false},
		{1, true},
		{-1, true},
		{59, true},
		{-17762, true},
		{86340, false},
		{-86340, false},
		{86400, true},
		{-86400, true},
		{93600, true},
		{-93600, true},
	} {
		in := base.In(time.FixedZone("", c.offset))
		got := strictjson.Instant(in)
		if !got.Equal(in) || (got.Location() == time.UTC) != c.utc || !c.utc && got.Location() != in.Location() {
			t.Errorf("offset %d: %v", c.offset, got)
		}
		checkText(t, got)
	}
	if got := strictjson.Instant(base.In(newYork)); got.Location() != time.UTC || !got.Equal(base) {
		t.Errorf("local mean time: %v", got)
	}
	now := time.Now()
	for _, in := range []time.Time{now, now.In(time.FixedZone("", 1))} {
		if got := strictjson.Instant(in); got != got.Round(0) || !got.Equal(now) {
			t.Errorf("%#v keeps its monotonic reading: %#v", in, got)
		}
	}
	if got := strictjson.Instant(time.Time{}); !got.IsZero() {
		t.Errorf("the zero time: %v", got)
	}
	east := time.FixedZone("", 3600)
	for in, loc := range map[time.Time]*time.Location{
		time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, east): east,
		time.Date(10000, 1, 1, 0, 0, 0, 0, east):               time.UTC,
	} {
		got := strictjson.Instant(in)
		if !got.Equal(in) || got.Location() != loc {
			t.Errorf("%v: %v", in, got)
		}
		checkText(t, got)
	}
}

// The first instant of the year 1 is the zero time, which is none.
func TestCheckTime(t *testing.T) {
	none := errors.New("no time")
	first, last := time.Unix(-62_135_596_800, 1), time.Unix(253_402_300_799, 999_999_999)
	for _, c := range []struct {
		at time.Time
		ok bool
	}{
		{time.Time{}, false}, {first.Add(-1), false}, {first.Add(-2), false}, {first, true}, {last, true}, {last.Add(1), false},
		{first.In(time.FixedZone("", -3600)), true}, {last.In(time.FixedZone("", 3600)), true},
	} {
		err := strictjson.CheckTime(c.at, none)
		if (err == nil) != c.ok || !c.ok && (!errors.Is(err, none) || err.Error() != c.at.Format(time.RFC3339Nano)+": want an instant of the years 1 to 9999: no time") {
			t.Errorf("%v: %v", c.at, err)
		}
	}
}

// checkText checks that the JSON of at is read as the same instant.
func checkText(t *testing.T, at time.Time) {
	t.Helper()
	b, err := at.MarshalJSON()
	if err != nil {
		t.Error(err)
		return
	}
	var back time.Time
	if err := strictjson.Decode("op", b, func(v strictjson.Value) { back = v.Time() }); err != nil || !back.Equal(at) {
		t.Errorf("%v became %s and that %v, %v", at, b, back, err)
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		``, `null`, `{}`, `[]`, `{"text":"t"}`, `{"text":"t","text":"t"}`, `{"text":"t","int":1e999}`, "\xef\xbb\xbf{}",
		`{"text":"\ud800","items":["a",null],"byName":{"a":1},"inner":{"text":"t"},"time":"2026-01-01T00:00:00+05:30"}`,
		`{"text":"t"}}`, `[1,]`, `{"a":1,}`, `{"a" 1}`, `[1}`, "\"\xff\"", `{1:2}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := decode(string(data))
		again, errAgain := decode(string(data))
		if diff := cmp.Diff(d, again); diff != "" || fmt.Sprint(err) != fmt.Sprint(errAgain) {
			t.Fatalf("twice: %v, %v\n%s", err, errAgain, diff)
		}
		if err != nil && !errors.Is(err, strictjson.ErrInvalid) && !errors.Is(err, errFlag) {
			t.Fatalf("%v", err)
		}
		if err == nil && slices.Index(data, '{') < 0 {
			t.Fatalf("%s is no object", data)
		}
	})
}

func TestAt(t *testing.T) {
	for want, fail := range map[string]func(v strictjson.Value, o strictjson.Object){
		"op: a[0].b: unknown flag": func(v strictjson.Value, _ strictjson.Object) { v.At("a[0].b").Fail(errFlag) },
		"op: a.b: unknown flag":    func(_ strictjson.Value, o strictjson.Object) { o.May("a").At("b").Fail(errFlag) },
		"<nil>":                    func(_ strictjson.Value, o strictjson.Object) { o.May("b").At("c").Fail(errFlag) },
	} {
		err := strictjson.Decode("op", []byte(`{"a":1}`), func(v strictjson.Value) {
			v.Object(func(o strictjson.Object) {
				o.May("a")
				fail(v, o)
			})
		})
		if fmt.Sprint(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// An unknown field takes the place of a missing one of its object, and of no
// other error.
func TestUnknownFieldAfterAnError(t *testing.T) {
	for _, c := range []struct {
		read func(o strictjson.Object, v strictjson.Value)
		want string
	}{
		{func(o strictjson.Object, v strictjson.Value) { o.Need("a") }, "op: x: invalid JSON: unknown field"},
		{func(o strictjson.Object, v strictjson.Value) { o.Need("a"); o.Need("b").Fail(errFlag) }, "op: x: invalid JSON: unknown field"},
		{func(o strictjson.Object, v strictjson.Value) { o.Need("b").Fail(errFlag); o.Need("a") }, "op: b: unknown flag"},
		{func(o strictjson.Object, v strictjson.Value) { o.Need("b").At("c").Fail(errFlag) }, "op: b.c: unknown flag"},
		{func(o strictjson.Object, v strictjson.Value) { o.Need("b").At("[0]").Fail(errFlag) }, "op: b[0]: unknown flag"},
		{func(o strictjson.Object, v strictjson.Value) { v.Fail(errFlag) }, "op: unknown flag"},
	} {
		failed := false
		err := strictjson.Decode("op", []byte(`{"x":1,"b":2}`), func(v strictjson.Value) {
			if v.Failed() || (strictjson.Value{}).Failed() {
				t.Error("failed before it was read")
			}
			v.Object(func(o strictjson.Object) { o.May("b"); c.read(o, v) })
			failed = v.Failed()
		})
		if fmt.Sprint(err) != c.want || failed != (err != nil) {
			t.Errorf("got %v, failed %v, want %s", err, failed, c.want)
		}
	}
}

// An error at a name is told, not what the name would be taken for.
func TestErrorAtAName(t *testing.T) {
	err := strictjson.Decode("x", []byte(`{"":1,2:3}`), func(strictjson.Value) {})
	if want := "x: invalid JSON: syntax error at \",2:3}\""; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
