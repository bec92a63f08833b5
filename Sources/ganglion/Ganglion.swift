import ArgumentParser

/// The root of the command tree; a new command is a file and a line here.
struct Ganglion: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ganglion",
    abstract: "Watch a biophysical neural network think and learn, and operate on its synapses while it does.",
    discussion: """
      Results go to standard output, talk and progress to standard error. The exit status is 0 where the work was done, 1 \
      where it failed and 2 where the command was used wrongly.
      """,
    version: "0.1.0",
    subcommands: [
      ExploreCommand.self, TrainCommand.self, EvaluateCommand.self, RunCommand.self, InspectCommand.self,
      ExportCommand.self, CompareCommand.self, StudyCommand.self, RankCommand.self, LowRankNetworkCommand.self,
      SpikesCommand.self, ReplayCommand.self,
      TasksCommand.self, ModelsCommand.self, SolversCommand.self, WiringsCommand.self, ManualCommand.self,
    ],
    defaultSubcommand: ExploreCommand.self)
}
