/// Zeros at first, for kernels to run over without bounds checks: one object's, and gone with it. Aligned to 64 bytes.
final class FloatMemory {
  let pointer: UnsafeMutablePointer<Float>
  let count: Int

  init(_ count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
  }

  convenience init(copying source: UnsafePointer<Float>, count: Int) {
    self.init(count)
    pointer.update(from: source, count: count)
  }

  deinit { pointer.deallocate() }

  subscript(index: Int) -> Float {
    get { pointer[index] }
    set { pointer[index] = newValue }
  }

  var array: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  func fill(_ values: [Float]) {
    precondition(values.count <= count, "\(values.count) values do not fit into \(count)")
    for (index, value) in values.enumerated() { pointer[index] = value }
  }
}
