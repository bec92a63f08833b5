import Testing

@testable import Analysis

@Suite struct Tensor3Tests {
  @Test func refusals() {
    #expect(throws: TensorRankError.illegalShape([2, 3])) { try Tensor3(shape: [2, 3], elements: []) }
    #expect(throws: TensorRankError.illegalShape([2, 0, 3])) { try Tensor3(shape: [2, 0, 3], elements: []) }
    #expect(throws: TensorRankError.illegalShape([.max, 2, 2])) { try Tensor3(shape: [.max, 2, 2], elements: []) }
    #expect(throws: TensorRankError.wrongCount(expected: 8, actual: 1)) {
      try Tensor3(shape: [2, 2, 2], elements: [1])
    }
    #expect(throws: TensorRankError.notFinite(index: [1, 0, 1])) {
      try Tensor3(shape: [2, 2, 2], elements: [0, 0, 0, 0, 0, .nan, 0, 0])
    }
    #expect(
      TensorRankError.notFinite(index: [1, 0, 1]).description
        == "The entry at [1, 0, 1] is not a finite number; correct it, or mark it as missing.")
  }

  @Test func missingEntriesMayHoldAnything() throws {
    let tensor = try Tensor3(shape: [1, 1, 3], elements: [1, .nan, 3], present: [true, false, true])
    #expect(tensor.elements == [1, 0, 3] && tensor.presentCount == 2)
    #expect(try Tensor3(shape: [1, 1, 2], elements: [1, 2], present: [true, true]).present == nil)
  }

  @Test(arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
  func permutations(_ order: [Int]) throws {
    let tensor = try Tensor3(2, 3, 4) { Double($0 * 100 + $1 * 10 + $2) }
    let permuted = tensor.permuted(order)
    #expect(permuted.shape == order.map { tensor.shape[$0] })
    for i in 0..<2 {
      for j in 0..<3 {
        for k in 0..<4 {
          let index = order.map { [i, j, k][$0] }
          #expect(permuted[index[0], index[1], index[2]] == tensor[i, j, k])
        }
      }
    }
  }

  @Test(arguments: 0..<3) func changeSinceTheStart(_ axis: Int) throws {
    let tensor = try Tensor3(2, 3, 4) { Double($0 * 100 + $1 * 10 + $2) }
    let change = try tensor.subtractingStart(along: axis)
    let step = [100.0, 10, 1][axis]
    for i in 0..<2 {
      for j in 0..<3 { for k in 0..<4 { #expect(change[i, j, k] == step * Double([i, j, k][axis])) } }
    }
    #expect(throws: TensorRankError.illegalAxis(3)) { try tensor.subtractingStart(along: 3) }
  }

  @Test func whatWasMissingAtTheStartHasNoChange() throws {
    let tensor = try Tensor3(
      shape: [1, 2, 3], elements: [1, 2, 4, 5, 6, 8], present: [false, true, true, true, true, false])
    let change = try tensor.subtractingStart()
    #expect(change.elements == [0, 0, 0, 0, 1, 0])
    #expect(change.present == [false, false, false, true, true, false])
  }
}
