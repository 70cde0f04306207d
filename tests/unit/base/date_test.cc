#include "common/base/date.h"

#include <gtest/gtest.h>

namespace twinning {
namespace {

TEST(Date, ReadsWhatItWrites) {
  for (const char* text : {"0001-01-01", "1969-12-31", "1970-01-01", "2032-02-29", "9999-12-31"}) {
    ASSERT_TRUE(ParseDate(text)) << text;
    EXPECT_EQ(FormatDate(*ParseDate(text)), text);
  }
}

TEST(Date, RefusesDaysThatDoNotExist) {
  for (const char* text : {"2031-02-31", "2031-02-29", "2031-13-01", "2031-00-10", "2031-04-31",
                           "0000-01-01", "31-3-1", "2031-3-01", "2031/03/01", "", "2031-03-0x"}) {
    EXPECT_FALSE(ParseDate(text)) << text;
  }
}

TEST(Date, CountsDaysFrom1970) {
  EXPECT_EQ(ParseDate("1970-01-02"), 1);
  EXPECT_EQ(ParseDate("1969-12-31"), -1);
}

TEST(Time, IsShownInUtcToTheMinute) {
  EXPECT_EQ(FormatTime(0), "1970-01-01 00:00");
  EXPECT_EQ(FormatTime(-1), "1969-12-31 23:59");
  EXPECT_EQ(FormatTime(INT64_MAX), "unknown time");
}

}  // namespace
}  // namespace twinning
