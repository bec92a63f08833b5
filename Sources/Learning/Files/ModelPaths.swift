/// "model.safetensors" and "model.checkpoint.safetensors": a trained model and, beside it, what its training needs to go on.
public enum ModelPaths {
  private static let (end, checkpointEnd) = (".safetensors", ".checkpoint.safetensors")

  public static func checkpoint(of model: String) -> String {
    if model.hasSuffix(checkpointEnd) { return model }
    return (model.hasSuffix(end) ? String(model.dropLast(end.count)) : model) + checkpointEnd
  }

  /// `nil` where the name is no checkpoint's.
  public static func model(of checkpoint: String) -> String? {
    checkpoint.hasSuffix(checkpointEnd) ? String(checkpoint.dropLast(checkpointEnd.count)) + end : nil
  }
}
