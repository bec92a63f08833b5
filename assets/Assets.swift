import Foundation

/// The files that are bundled with the program: data sets and their credits (`SOURCES.md`).
///
/// SwiftPM copies them beside the binary, so that the program runs from any folder.
public enum Assets {
  /// The path of a bundled data file, or `nil` where there is none of that name.
  public static func data(_ name: String) -> String? {
    let url = Bundle.module.bundleURL.appendingPathComponent("data").appendingPathComponent(name)
    return FileManager.default.fileExists(atPath: url.path) ? url.path : nil
  }
}
