package naivetest

// Points are exact rationals, rounded to 1/10000 wherever a factor or a share is applied (contract 8).

import (
	"math/big"
	"strconv"
)

func zero() *big.Rat { return new(big.Rat) }

func whole(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }

func add(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) }

func minus(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }

func times(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }

func smallest(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) <= 0 {
		return a
	}
	return b
}

// halfUp rounds to so many decimals, halves towards plus infinity.
func halfUp(r *big.Rat, decimals int) *big.Rat {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil)
	x := add(times(r, new(big.Rat).SetInt(scale)), big.NewRat(1, 2))
	floor := new(big.Int).Div(x.Num(), x.Denom()) // Euclidean: the floor, as the denominator is positive
	return new(big.Rat).SetFrac(floor, scale)
}

// number prints a rational for JSON with at most 4 decimals.
func number(r *big.Rat) float64 {
	f, _ := strconv.ParseFloat(halfUp(r, 4).FloatString(4), 64)
	return f
}
