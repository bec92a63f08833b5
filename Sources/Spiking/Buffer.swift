/// A fixed piece of memory without bounds checks: what the inner loops of a network run over. It belongs to one object,
/// which never shares it.
final class Buffer<Element: BitwiseCopyable> {
  let pointer: UnsafeMutablePointer<Element>
  let count: Int

  init(_ elements: [Element]) {
    count = elements.count
    // Aligned so that any vector may be read.
    let bytes = max(count, 1) * MemoryLayout<Element>.stride
    pointer = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64).bindMemory(
      to: Element.self, capacity: max(count, 1))
    elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.initialize(from: base, count: count) }
    }
  }

  convenience init(repeating value: Element, count: Int) { self.init([Element](repeating: value, count: count)) }

  deinit { pointer.deallocate() }

  /// A copy.
  var array: [Element] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
}
