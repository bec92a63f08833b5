import Formats
import Testing

@Suite struct SmallPartsTests {
  @Test func timestamps() {
    #expect(Timestamp.seconds("1970-01-01") == 0)
    #expect(Timestamp.seconds("2008-02-29T12:30:15.25") == 1_204_288_215.25)
    #expect(Timestamp.seconds("2017-01-02 03") == 1_483_326_000)
    #expect(Timestamp.seconds("2017-01-02T03:00+01:00") == 1_483_322_400)
    #expect(Timestamp.seconds("2017-01-02T03:00Z") == 1_483_326_000)
    #expect(Timestamp.seconds("1969-12-31T23:59:59") == -1)
    for bad in ["2017-02-29", "2017-13-01", "2017-1-1", "2017-01-01x", "2017-01-01 24", "12:00", "", "2017-01-01T1"] {
      #expect(Timestamp.seconds(bad) == nil, "\(bad)")
    }
    // 2 January 2017 was a Monday, 31 December 1969 a Wednesday.
    #expect(Timestamp.weekday(1_483_326_000) == 0)
    #expect(Timestamp.weekday(-1) == 2)
    #expect(Timestamp.hour(1_483_326_000) == 3)
  }

  @Test func nearestNames() {
    let names = ["household", "power", "traffic", "lorenz"]
    #expect(NearestName.find("houshold", among: names) == "household")
    #expect(NearestName.find("pwoer", among: names) == "power")
    #expect(NearestName.find("POWER", among: names) == "power")
    #expect(NearestName.find("lor", among: names) == "lorenz")
    #expect(NearestName.find("zzzz", among: names) == nil)
    #expect(NearestName.find("", among: names) == nil)
    #expect(NearestName.find("x", among: []) == nil)
  }
}
