package strictjson

import "encoding/json"

// JSON has into, which must be a pointer to a type with a JSON form of its
// own, read v, whatever it is. An absent v is not read.
func (v Value) JSON(into json.Unmarshaler) {
	if !v.IsPresent() {
		return
	}
	data, _ := json.Marshal(v.data) // what was parsed can always be written
	if err := into.UnmarshalJSON(data); err != nil {
		v.Fail(err)
	}
}
