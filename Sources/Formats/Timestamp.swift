/// Dates and times as ISO 8601 writes them, as seconds since the start of 1970.
///
/// Accepts "2017-01-02", "2017-01-02 03", "2017-01-02T03:04", seconds with a fraction, and an offset "Z", "+01:00" or
/// "+0100". Without an offset the time is taken as it stands; time zones and leap seconds are not known here.
public enum Timestamp {
  public static func seconds(_ text: String) -> Double? {
    var reader = Reader(bytes: Array(text.trimmed().utf8))
    guard let year = reader.digits(4), reader.skip(0x2D), let month = reader.digits(2), reader.skip(0x2D),
      let day = reader.digits(2), 1...12 ~= month, 1...daysIn(month, of: year) ~= day
    else { return nil }
    let days = Double(daysSince1970(year, month, day)) * 86_400
    if reader.atEnd { return days }
    guard reader.skip(0x54) || reader.skip(0x74) || reader.skip(0x20), let hour = reader.digits(2), hour < 24 else {
      return nil
    }
    var total = days + Double(hour) * 3600
    if reader.skip(0x3A) {
      guard let minute = reader.digits(2), minute < 60 else { return nil }
      total += Double(minute) * 60
      if reader.skip(0x3A) {
        guard let second = reader.digits(2), second < 60 else { return nil }
        total += Double(second)
        if reader.skip(0x2E) || reader.skip(0x2C) {
          guard let fraction = reader.fraction() else { return nil }
          total += fraction
        }
      }
    }
    guard let offset = reader.offset(), reader.atEnd else { return nil }
    return total - offset
  }

  /// 0 is Monday … 6 Sunday.
  public static func weekday(_ seconds: Double) -> Int {
    // 1 January 1970 was a Thursday.
    let days = Int((seconds / 86_400).rounded(.down))
    return ((days + 3) % 7 + 7) % 7
  }

  /// Hours since midnight, with a fraction, in 0 ..< 24.
  public static func hour(_ seconds: Double) -> Double {
    (seconds - (seconds / 86_400).rounded(.down) * 86_400) / 3600
  }

  private static func daysIn(_ month: Int, of year: Int) -> Int {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  /// Days of the Gregorian calendar, counted in eras of 400 years that begin in March, so that leap days come last.
  private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private struct Reader {
    let bytes: [UInt8]
    var next = 0
    var atEnd: Bool { next == bytes.count }

    mutating func digits(_ count: Int) -> Int? {
      guard next + count <= bytes.count else { return nil }
      var value = 0
      for byte in bytes[next..<next + count] {
        guard byte &- 0x30 < 10 else { return nil }
        value = value * 10 + Int(byte &- 0x30)
      }
      next += count
      return value
    }

    mutating func skip(_ byte: UInt8) -> Bool {
      guard next < bytes.count, bytes[next] == byte else { return false }
      next += 1
      return true
    }

    mutating func fraction() -> Double? {
      let start = next
      var value = 0.0
      var unit = 0.1
      while next < bytes.count, bytes[next] &- 0x30 < 10 {
        value += Double(bytes[next] &- 0x30) * unit
        unit /= 10
        next += 1
      }
      return next > start ? value : nil
    }

    /// Seconds east of Greenwich; 0 where nothing is said, `nil` where it is said badly.
    mutating func offset() -> Double? {
      if atEnd || skip(0x5A) || skip(0x7A) { return 0 }
      let west = skip(0x2D)
      guard west || skip(0x2B), let hours = digits(2), hours < 24 else { return nil }
      _ = skip(0x3A)
      let minutes = atEnd ? 0 : digits(2)
      guard let minutes, minutes < 60 else { return nil }
      return Double(hours * 3600 + minutes * 60) * (west ? -1 : 1)
    }
  }
}
