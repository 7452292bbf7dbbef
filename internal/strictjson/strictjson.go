// Package strictjson reads JSON documents strictly. Unknown, duplicate, missing
// and null fields, fields in the wrong case and values of the wrong kind are
// errors with the path of the field, as in "plans.business.tiers[2].rate".
//
// A decoder is a function of a [Value]. [Decode] returns the first error; after
// it the readers of a Value return zero values, so that a decoder reads straight
// down without checking each step.
package strictjson

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/supportplan/supportplan/internal/field"
	"github.com/supportplan/supportplan/internal/quote"
)

// ErrInvalid is wrapped by every error of this package.
var ErrInvalid = errors.New("invalid JSON")

// The limits of a document.
const (
	MaxBytes = 4 << 20 // the size of a document
	MaxDepth = 32      // the depth of nested arrays and objects
)

// state is shared by all values of one document.
type state struct{ err error }

// A Value is a JSON value with its path. The zero Value is absent: its readers
// return zero values and no error.
type Value struct {
	doc  *state
	path string
	data any // map[string]any, []any, string, json.Number, bool or nil
}

// Decode parses data and passes the root to read. It returns the first error of
// either as an error of op, a package and operation ("billing: decode card").
// Errors in the document's shape wrap [ErrInvalid].
func Decode(op string, data []byte, read func(Value)) error {
	return DecodeUpTo(MaxBytes, op, data, read)
}

// DecodeUpTo is [Decode] for documents of the given size at most.
func DecodeUpTo(limit int, op string, data []byte, read func(Value)) error {
	root, err := parse(data, limit)
	if err != nil {
		return field.Op(op, fmt.Errorf("%w: %w", ErrInvalid, err))
	}
	doc := &state{}
	read(Value{doc: doc, data: root})
	return field.Op(op, doc.err)
}

// parse reads one JSON document into maps, slices, strings, numbers and
// booleans. It is stricter than encoding/json.
func parse(data []byte, limit int) (any, error) {
	if len(data) > limit {
		return nil, fmt.Errorf("%d bytes are over the limit of %d", len(data), limit)
	}
	if !utf8.Valid(data) {
		return nil, errors.New("not UTF-8")
	}
	in := &input{data: data, dec: json.NewDecoder(bytes.NewReader(data))}
	in.dec.UseNumber()
	v, err := in.value("", 0)
	if err != nil {
		return nil, err
	}
	if _, err := in.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the document")
	}
	return v, nil
}

// input is a document while it is read.
type input struct {
	data []byte
	dec  *json.Decoder
	end  int64 // the end of the last token
}

// token returns the next token. Its errors are in words of this package, since
// those of encoding/json change with the Go version.
func (in *input) token() (json.Token, error) {
	tok, err := in.dec.Token()
	if err == nil {
		in.end = in.dec.InputOffset()
		return tok, nil
	}
	rest := bytes.TrimLeft(in.data[in.end:], " \t\r\n")
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || len(bytes.Trim(rest, ",: \t\r\n")) == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return nil, fmt.Errorf("syntax error at %s", quote.String(string(rest)))
}

// value reads the value at path, inside depth arrays and objects.
func (in *input) value(path string, depth int) (any, error) {
	tok, err := in.token()
	if err != nil {
		return nil, err
	}
	if _, opens := tok.(json.Delim); opens && depth == MaxDepth {
		return nil, fmt.Errorf("%s: nested deeper than %d", path, MaxDepth)
	}
	switch tok {
	case json.Delim('{'):
		obj := make(map[string]any)
		for in.dec.More() {
			key, err := in.token()
			if err != nil {
				return nil, err
			}
			name, _ := key.(string) // a key that is no string is a syntax error above
			at := member(path, name)
			if _, ok := obj[name]; ok {
				return nil, fmt.Errorf("%s: field appears twice", at)
			}
			if obj[name], err = in.value(at, depth+1); err != nil {
				return nil, err
			}
		}
		_, err := in.token()
		return obj, err
	case json.Delim('['):
		arr := []any{}
		for in.dec.More() {
			v, err := in.value(item(path, len(arr)), depth+1)
			if err != nil {
				return nil, err
			}
			arr = append(arr, v)
		}
		_, err := in.token()
		return arr, err
	}
	return tok, nil
}

func member(path, name string) string {
	if q := quote.String(name); q != `"`+name+`"` || name == "" {
		name = q
	}
	return field.Join(path, name)
}

func item(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// Fail records err as the error of v. A document keeps its first error only. An
// absent v does nothing.
func (v Value) Fail(err error) {
	if v.doc == nil || v.doc.err != nil {
		return
	}
	v.doc.err = field.Wrap(v.path, err)
}

// Failed reports whether anything in v's document failed so far.
func (v Value) Failed() bool { return v.doc != nil && v.doc.err != nil }

// At returns a Value to fail at a path below v, such as "tiers[2].rate", after
// v has been read.
func (v Value) At(name string) Value {
	return Value{doc: v.doc, path: field.Join(v.path, name)}
}

// want records that v is not of the given kind. An absent v does nothing.
func (v Value) want(kind string) {
	var got string
	switch d := v.data.(type) {
	case nil:
		got = "null"
	case string:
		got = "the string " + quote.String(d)
	case json.Number:
		got = "the number " + quote.String(d.String())
	case bool:
		got = strconv.FormatBool(d)
	case []any:
		got = "an array"
	default:
		got = "an object"
	}
	v.Fail(fmt.Errorf("%w: want %s, not %s", ErrInvalid, kind, got))
}

// IsPresent reports whether v is a value of the document. A null is one.
func (v Value) IsPresent() bool { return v.doc != nil }

// IsText reports whether v is a string.
func (v Value) IsText() bool {
	_, ok := v.data.(string)
	return ok
}

// IsArray reports whether v is an array.
func (v Value) IsArray() bool {
	_, ok := v.data.([]any)
	return ok
}

// Text returns the string v. A v of another kind is an error.
func (v Value) Text() string {
	s, ok := v.data.(string)
	if !ok {
		v.want("a string")
	}
	return s
}

// Bool returns the boolean v. A v of another kind is an error.
func (v Value) Bool() bool {
	b, ok := v.data.(bool)
	if !ok {
		v.want("true or false")
	}
	return b
}

// Int returns the whole number v. A v that is not a whole number from lo to hi,
// both included, is an error.
func (v Value) Int(lo, hi int64) int64 {
	if n, ok := v.data.(json.Number); ok {
		if i, err := strconv.ParseInt(n.String(), 10, 64); err == nil && i >= lo && i <= hi {
			return i
		}
	}
	v.want(fmt.Sprintf("a whole number from %d to %d", lo, hi))
	return 0
}

// rfc3339 is the form of an RFC 3339 time. The time package alone also accepts
// hours of one digit, a comma for a point and offsets of a day and longer, and
// drops the digits after the ninth.
var rfc3339 = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// Time returns the RFC 3339 time v, to the nanosecond, in its own fixed offset
// and never in the machine's zone. A v of another kind is an error.
func (v Value) Time() time.Time {
	s := v.Text()
	t, err := time.ParseInLocation(time.RFC3339, s, time.UTC)
	if err != nil || !rfc3339.MatchString(s) {
		v.want("an RFC 3339 time")
		return time.Time{}
	}
	return t
}

// Into calls into's UnmarshalText with the string v. A v of another kind is an
// error.
func (v Value) Into(into encoding.TextUnmarshaler) {
	s, ok := v.data.(string)
	if !ok {
		v.want("a string")
		return
	}
	if err := into.UnmarshalText([]byte(s)); err != nil {
		v.Fail(err)
	}
}

// Items returns the items of the array v. A v of another kind or of more than
// limit items is an error.
func (v Value) Items(limit int) []Value {
	arr, ok := v.data.([]any)
	switch {
	case !ok:
		v.want("an array")
		return nil
	case len(arr) > limit:
		v.Fail(fmt.Errorf("%w: %d items are over the limit of %d", ErrInvalid, len(arr), limit))
		return nil
	}
	items := make([]Value, len(arr))
	for i, d := range arr {
		items[i] = Value{v.doc, item(v.path, i), d}
	}
	return items
}

// Fields yields all fields of the object v in the order of their names, for
// objects that serve as maps. A v of another kind is an error.
func (v Value) Fields() iter.Seq2[string, Value] {
	obj, ok := v.data.(map[string]any)
	if !ok {
		v.want("an object")
	}
	return func(yield func(string, Value) bool) {
		for _, name := range slices.Sorted(maps.Keys(obj)) {
			if !yield(name, Value{v.doc, member(v.path, name), obj[name]}) {
				return
			}
		}
	}
}

// Object calls read with v's fields; v must be an object. A field that read does
// not ask for is an error. It takes the place of the error of a missing field of
// the same object: the two may be one, misspelt.
func (v Value) Object(read func(Object)) {
	if _, ok := v.data.(map[string]any); !ok {
		v.want("an object")
		return
	}
	obj := Object{v: v, fields: maps.Collect(v.Fields()), asked: make(map[string]bool)}
	failed := v.doc.err != nil
	read(obj)
	for name, f := range v.Fields() {
		if obj.asked[name] {
			continue
		}
		if !failed && obj.misses(v.doc.err) {
			v.doc.err = nil
		}
		f.Fail(fmt.Errorf("%w: unknown field", ErrInvalid))
	}
}

// misses reports whether err is that of a field which o does not have.
func (o Object) misses(err error) bool {
	var at *field.Error
	if !errors.As(err, &at) {
		return false
	}
	name, inside := strings.CutPrefix(at.Path, o.v.path)
	name = strings.TrimPrefix(name, ".")
	if end := strings.IndexAny(name, ".["); end >= 0 {
		name = name[:end]
	}
	_, present := o.fields[name]
	return inside && name != "" && !present
}

// An Object is a JSON object while its fields are read.
type Object struct {
	v      Value
	fields map[string]Value
	asked  map[string]bool
}

// Need returns the field of the given name. A missing field is an error.
func (o Object) Need(name string) Value {
	f := o.May(name)
	if !f.IsPresent() {
		Value{doc: o.v.doc, path: member(o.v.path, name)}.Fail(fmt.Errorf("%w: field is missing", ErrInvalid))
	}
	return f
}

// May returns the field of the given name, or an absent Value if there is none.
// A null is present, and an error to every reader.
func (o Object) May(name string) Value {
	o.asked[name] = true
	return o.fields[name]
}
