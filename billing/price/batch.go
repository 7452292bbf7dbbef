package price

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// AppendFees appends to fees what [Schedule.Fee] returns for each of the
// usages, in their order, and returns the extended slice. At the first usage
// that is in error it stops, and returns the fees before it with an error that
// names the usage's index and wraps Fee's.
func (s Schedule) AppendFees(fees []decimal.Decimal, usages []decimal.Decimal) ([]decimal.Decimal, error) {
	fees = slices.Grow(fees, len(usages))
	for i, u := range usages {
		fee, err := s.Fee(u)
		if err != nil {
			return fees, fmt.Errorf("price: usage %d: %w", i, err)
		}
		fees = append(fees, fee)
	}
	return fees, nil
}

// AppendFeesMinor is [Schedule.AppendFees] in minor units, with what
// [Schedule.FeeMinor] returns. Beyond growing fees it does not allocate where
// the numbers are of ordinary size.
func (s Schedule) AppendFeesMinor(fees, usages []int64) ([]int64, error) {
	fees = slices.Grow(fees, len(usages))
	for i, u := range usages {
		fee, err := s.FeeMinor(u)
		if err != nil {
			return fees, fmt.Errorf("price: usage %d: %w", i, err)
		}
		fees = append(fees, fee)
	}
	return fees, nil
}
