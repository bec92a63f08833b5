/// LAPACK's options are single letters.
@inline(__always)
func letter(_ character: Unicode.Scalar) -> CChar { CChar(truncatingIfNeeded: character.value) }

/// `wanted` if there is a buffer for that result, otherwise N for "none".
@inline(__always)
func job<S>(_ buffer: UnsafeMutablePointer<S>?, _ wanted: Unicode.Scalar) -> CChar {
  letter(buffer == nil ? "N" : wanted)
}
