// The program's one way in and out: arguments, then 0 done, 1 failed, 2 wrong use.

import Foundation

var status: Int32 = 0
do {
  var command = try Ganglion.parseAsRoot()
  try command.run()
} catch {
  status = Exit.report(error)
}
exit(status)
