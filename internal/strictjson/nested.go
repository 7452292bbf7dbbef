package strictjson

import (
	"bytes"
	"encoding/json"
	"maps"
)

// JSON calls into's UnmarshalJSON with v. An absent v is not read. The path of
// an error of into continues v's path; its operation is dropped.
func (v Value) JSON(into json.Unmarshaler) {
	if !v.IsPresent() {
		return
	}
	data, _ := json.Marshal(v.data) // parsed values always marshal
	if err := into.UnmarshalJSON(data); err != nil {
		v.Fail(err)
	}
}

// Rest calls into's UnmarshalJSON with the fields of o that nobody has asked for
// so far: o holds the form of another package and fields of its own.
func (o Object) Rest(into json.Unmarshaler) {
	rest := make(map[string]any)
	for name, f := range o.fields {
		if !o.asked[name] {
			rest[name], o.asked[name] = f.data, true
		}
	}
	Value{o.v.doc, o.v.path, rest}.JSON(into)
}

// Default returns v with value as its field name, if v is an object without that
// field.
func (v Value) Default(name string, value Value) Value {
	obj, ok := v.data.(map[string]any)
	if !ok || !value.IsPresent() {
		return v
	}
	if _, ok := obj[name]; !ok {
		obj = maps.Clone(obj)
		obj[name] = value.data
	}
	return Value{v.doc, v.path, obj}
}

// Join returns the object that has the fields of both marshalled objects.
func Join(a, b []byte) []byte {
	out := bytes.Clone(bytes.TrimSuffix(a, []byte{'}'}))
	b = bytes.TrimPrefix(b, []byte{'{'})
	if len(out) > len("{") && len(b) > len("}") {
		out = append(out, ',')
	}
	return append(out, b...)
}

// Omit returns the marshalled object data without the field name, whose marshalled
// value is given. The field must not be the object's first.
func Omit(data []byte, name string, value []byte) []byte {
	key, _ := json.Marshal(name)
	return bytes.Replace(data, append(append([]byte{','}, append(key, ':')...), value...), nil, 1)
}
