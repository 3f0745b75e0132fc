// Times as texts. The calendar is the proleptic Gregorian one, by Howard Hinnant's algorithms
// (http://howardhinnant.github.io/date_algorithms.html).
#include "policy_filter/number.h"

namespace policy {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kDay = 86'400;

struct Date {
  int64_t year, month, day;
};

int64_t days_of(Date date) {
  int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  int64_t era = (year >= 0 ? year : year - 399) / 400;
  int64_t year_of_era = year - era * 400;
  int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

Date date_of(int64_t days) {
  days += 719468;
  int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  int64_t day_of_era = days - era * 146097;
  int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int64_t month = (5 * day_of_year + 2) / 153;
  int64_t day = day_of_year - (153 * month + 2) / 5 + 1;
  month += month < 10 ? 3 : -9;
  return {year_of_era + era * 400 + (month <= 2), month, day};
}

bool exists(Date date) {
  if (date.year < 1 || date.month < 1 || date.month > 12 || date.day < 1) return false;
  auto back = date_of(days_of(date));
  return back.month == date.month && back.day == date.day;
}

// Reads a text from its start; after the first thing that is not so, `is_good` is false.
struct Scanner {
  std::string_view text;
  bool is_good = true;

  bool next(char wanted) {
    if (text.empty() || text[0] != wanted) return false;
    text.remove_prefix(1);
    return true;
  }
  [[gnu::noinline]] void expect(char wanted) { is_good = next(wanted) && is_good; }
  bool digit(int64_t& number) {
    if (text.empty() || text[0] < '0' || text[0] > '9') return false;
    number = number * 10 + (text[0] - '0');
    text.remove_prefix(1);
    return true;
  }
  [[gnu::noinline]] int64_t digits(int count) {
    int64_t number = 0;
    for (int i = 0; i < count; ++i) is_good = digit(number) && is_good;
    return number;
  }
};

int64_t scan_fraction(Scanner& scanner) {
  if (!scanner.next('.') && !scanner.next(',')) return 0;
  int64_t nanos = scanner.digits(1), rest = 0;
  int count = 1;
  for (; count < 9 && scanner.digit(nanos); ++count) {
  }
  for (; count < 9; ++count) nanos *= 10;
  while (scanner.digit(rest)) rest = 0;
  return nanos;
}

// In seconds.
int64_t scan_zone(Scanner& scanner) {
  if (scanner.next('Z')) return 0;
  bool is_west = scanner.next('-');
  if (!is_west) scanner.expect('+');
  int64_t minutes = scanner.digits(2) * 60;
  scanner.expect(':');
  minutes += scanner.digits(2);
  if (minutes >= 24 * 60) scanner.is_good = false;
  return (is_west ? -minutes : minutes) * 60;
}

int64_t clamped(int64_t seconds, int64_t nanos) {
  constexpr int64_t kMost = INT64_MAX / kSecond, kLeast = -kMost - 1;
  if (seconds > kMost || (seconds == kMost && nanos > INT64_MAX % kSecond)) return INT64_MAX;
  if (seconds >= 0) return seconds * kSecond + nanos;
  // One second less, so that the product fits where the sum does.
  if (seconds < kLeast || (seconds == kLeast && nanos < kSecond + INT64_MIN % kSecond)) {
    return INT64_MIN;
  }
  return (seconds + 1) * kSecond + (nanos - kSecond);
}

}  // namespace

std::optional<int64_t> parse_time(std::string_view text) {
  Scanner scanner{text};
  Date date{};
  date.year = scanner.digits(4);
  scanner.expect('-');
  date.month = scanner.digits(2);
  scanner.expect('-');
  date.day = scanner.digits(2);
  scanner.expect('T');
  int64_t hour = scanner.digits(2);
  scanner.expect(':');
  int64_t minute = scanner.digits(2);
  scanner.expect(':');
  int64_t second = scanner.digits(2);
  int64_t nanos = scan_fraction(scanner);
  int64_t zone = scan_zone(scanner);
  bool is_time = hour <= 23 && minute <= 59 && second <= 59 && exists(date);
  if (!scanner.is_good || !scanner.text.empty() || !is_time) return std::nullopt;
  return clamped(days_of(date) * kDay + hour * 3600 + minute * 60 + second - zone, nanos);
}

size_t time_text(int64_t ns, char* to) {
  int64_t seconds = ns / kSecond, nanos = ns % kSecond;
  if (nanos < 0) {
    nanos += kSecond;
    --seconds;
  }
  int64_t days = seconds / kDay, second = seconds % kDay;
  if (second < 0) {
    second += kDay;
    --days;
  }
  auto date = date_of(days);
  int64_t parts[] = {date.year,        date.month,  date.day,    second / 3600,
                     second / 60 % 60, second % 60, nanos / 1000};
  constexpr char kEnds[] = "--T::.Z";
  char* at = to;
  for (int i = 0; i < 7; ++i) {
    int size = i == 0 ? 4 : i == 6 ? 6 : 2;
    for (int digit = size - 1; digit >= 0; --digit, parts[i] /= 10) {
      at[digit] = static_cast<char>('0' + parts[i] % 10);
    }
    at += size;
    *at++ = kEnds[i];
  }
  return static_cast<size_t>(at - to);
}

}  // namespace policy
