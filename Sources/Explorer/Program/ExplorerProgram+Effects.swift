import Experiments
import Learning

// What actions want done outside the scene.

extension ExplorerProgram {
  /// Carries effects out; true where the program is to end.
  func carryOut(_ effects: [Effect]) -> Bool {
    for effect in effects {
      switch effect {
      case .send(let command):
        if command == .pause || command == .resume { activities.forgetHeld() }
        sessions.current.send(command)
      case .probeStep:
        sessions.current.player.advance(1, &scene)
        updateReading(time: now())
      case .probeJump(let step, let series): sessions.current.player.jump(to: step, series: series, &scene)
      case .save(let path): write(path, newest: false, overwriting: false)
      case .export(let path): write(path, newest: true, overwriting: false)
      case .overwrite(let path, let newest): write(path, newest: newest, overwriting: true)
      case .change(let change): begin(change)
      case .fork(let state, let commands): fork(at: state, commands)
      case .restart: begin(restart: sessions.current.setup)
      case .switchSetup(let offset): switchSetup(by: offset)
      case .begin(let maker): prepare(maker)
      case .start(let id): activities.start(id)
      case .pause(let id): activities.pause(id)
      case .cancel(let id): activities.cancel(id)
      case .perform(let id, let order): activities.perform(id, order.command)
      case .openNetwork(let id, let name, let title): openNetwork(id, name, title: title)
      case .measureDrawingCost(let seconds): measureDrawingCost(seconds)
      case .layout(let column, let row):
        scene.look.splits[backend.size.width, backend.size.height] = Splits.Split(column: column, row: row)
      case .redraw: backend.redraw()
      case .quit: return true
      }
    }
    pacer.needsFrame = true
    return false
  }
}
