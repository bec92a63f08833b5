import Foundation

/// Whole files in and out, with sentences where the system gives numbers.
public enum FileBytes {
  /// All bytes of a file; pipes are read to their end.
  public static func read(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw failure(path, "cannot be opened", errno) }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw failure(path, "cannot be read", errno) }
    guard information.st_mode & S_IFMT != S_IFDIR else {
      throw FormatError(file: path, problem: "is a folder; name a file in it")
    }
    // One byte more than the size, so that the read that finds the end needs no second block.
    var bytes = [UInt8](repeating: 0, count: max(Int(information.st_size) + 1, 65_536))
    var filled = 0
    while true {
      if filled == bytes.count { bytes.append(contentsOf: repeatElement(0, count: bytes.count)) }
      let count = bytes.withUnsafeMutableBytes { buffer in
        Foundation.read(descriptor, buffer.baseAddress! + filled, buffer.count - filled)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(path, "cannot be read", errno)
      }
      guard count > 0 else { break }
      filled += count
    }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }

  /// Writes all bytes or leaves the old file as it was: into a temporary file beside it, which then takes its name.
  ///
  /// What is not a plain file (a pipe, /dev/stdout) is written to directly.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    var information = stat()
    let exists = stat(path, &information) == 0
    if exists, information.st_mode & S_IFMT == S_IFDIR {
      throw FormatError(file: path, problem: "is a folder; name a file in it to write to")
    }
    if exists, information.st_mode & S_IFMT != S_IFREG {
      let descriptor = open(path, O_WRONLY)
      guard descriptor >= 0 else { throw failure(path, "cannot be written", errno) }
      defer { close(descriptor) }
      return try pour(bytes, into: descriptor, path)
    }
    let temporary = "\(path).\(getpid()).\(UUID().uuidString.prefix(8)).partial"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL, exists ? information.st_mode & 0o777 : 0o644)
    guard descriptor >= 0 else { throw failure(path, "cannot be written", errno) }
    do {
      defer { close(descriptor) }
      try pour(bytes, into: descriptor, path)
      guard fsync(descriptor) == 0 else { throw failure(path, "cannot be written", errno) }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let number = errno
      unlink(temporary)
      throw failure(path, "cannot be written", number)
    }
  }

  private static func pour(_ bytes: [UInt8], into descriptor: Int32, _ path: String) throws {
    try bytes.withUnsafeBytes { buffer in
      var written = 0
      while written < buffer.count {
        let count = Foundation.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw failure(path, "cannot be written", errno) }
        written += count
      }
    }
  }

  private static func failure(_ path: String, _ what: String, _ number: Int32) -> FormatError {
    let reason =
      switch number {
      case ENOENT: "there is no such file or folder; check the path"
      case EACCES, EPERM: "permission is denied; check the rights of the file and its folder"
      case ENOTDIR: "part of the path is not a folder; check the path"
      case ENOSPC: "the disk is full; free some space"
      case EROFS: "the file system is read-only; choose another folder"
      case ENAMETOOLONG: "the name is too long; choose a shorter one"
      default: String(cString: strerror(number)).lowercased()
      }
    return FormatError(file: path, problem: "\(what): \(reason)")
  }
}
