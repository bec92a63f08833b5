/// A fixed piece of memory without bounds checks: what the inner loops of a network run over. It belongs to one object,
/// which never shares it.
final class Buffer<Element: BitwiseCopyable> {
  let pointer: UnsafeMutablePointer<Element>
  let count: Int

  init(_ elements: [Element]) {
    count = elements.count
    // Aligned and padded with zeros, so that a vector of up to 64 bytes may be read from where one begins.
    let used = count * MemoryLayout<Element>.stride
    let bytes = (used + 127) / 64 * 64
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    pointer = raw.bindMemory(to: Element.self, capacity: max(count, 1))
    elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.update(from: base, count: count) }
    }
  }

  convenience init(repeating value: Element, count: Int) { self.init([Element](repeating: value, count: count)) }

  deinit { pointer.deallocate() }

  /// A copy.
  var array: [Element] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
}
