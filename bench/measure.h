#pragma once

#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

/// What all benchmarks have in common: time, folders on a real disk, and the rows of the table.
namespace egret::bench {

/// Throws if what must hold for the figures to mean anything doesn't.
template <class T>
void require(const T& holds, const char* what) {
    if (!static_cast<bool>(holds)) throw std::runtime_error(what);
}

struct Options {
    bool full = false;        // The sizes of a whole country; takes long.
    bool with_head = true;    // The table's head above the rows.
    bool is_profile = false;  // Only our own side, once: for perf and its like.
};

/// What main() of a benchmark does: takes `--full`, `--rows` (no head) and `--profile`, runs it,
/// and says what went wrong if something did. Returns 0, 1, or 2 for an option that isn't there.
int run_main(int argc, char** argv, void (*run)(const Options& options));

/// The processor's time of this whole process, in seconds: what others do on the machine is not in
/// it.
double cpu_seconds();

/// Seconds on a clock that only goes on.
double wall_seconds();

/// What `work` takes of the processor, in seconds.
double cpu_seconds_of(const std::function<void()>& work);

/// The least of several repetitions, in seconds of the processor.
double least_cpu_seconds(int repetitions, const std::function<void()>& work);

/// How long each of many like things took.
class Samples {
public:
    void add(double seconds) { seconds_.push_back(seconds); }

    std::size_t size() const noexcept { return seconds_.size(); }

    /// Of 0 to 1; 0.5 is the median. There must be a sample.
    double percentile(double part) const;
    double sum() const;

private:
    std::vector<double> seconds_;
};

/// A folder beside the program, which goes with all that is in it: on the disk of the build folder,
/// since /tmp is memory on many machines.
class WorkFolder {
public:
    WorkFolder();
    ~WorkFolder();

    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;

    std::string file(const std::string& name) const { return path_ + "/" + name; }

    /// An empty folder in it; what was there under that name is gone.
    std::string fresh(const std::string& name) const;

private:
    std::string path_;
};

/// Whether a goal is reached.
enum class Verdict {
    none,  // There is no goal.
    yes,
    no,
    disk,  // Not to be told here: the bare transaction alone takes longer on this disk.
};

constexpr Verdict judged(bool is_met) { return is_met ? Verdict::yes : Verdict::no; }

/// A line of the table. The texts come as they are to be read, with their units.
struct Row {
    std::string name;
    std::string ours;
    std::string limit;
    double ratio = 0;
    std::string goal;
    Verdict verdict = Verdict::none;
};

/// Prints rows as soon as they are known.
class Table {
public:
    explicit Table(const Options& options);

    void add(const Row& row) const;
};

/// A number as people read it: three digits, with a k or an M where it is large.
std::string shown(double value, const std::string& unit);

}  // namespace egret::bench
