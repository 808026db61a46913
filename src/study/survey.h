// The loss around a run, measured on a thread of its own: the landscape that it walked in.
#pragma once

#include "study/contour_lines.h"
#include "training/live_training.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace whirlygig {

enum class SurveyPlane { of_the_run, random };

// A snapshot as it is seen from the plane.
struct PathPoint {
    std::uint64_t step = 0;
    Coordinates place;
};

struct SurveyedLandscape {
    Landscape landscape;
    std::vector<PathPoint> path;    // the run's snapshots, the oldest first
    std::array<double, 2> shares{}; // of the run's movement along the directions; 0: random
    std::uint64_t centre = 0;       // the step of the model in the middle
    std::size_t examples = 0;       // whose mean loss it is
    std::vector<double> levels;     // of the contour lines,
    std::vector<std::vector<Polyline>> lines; // and for each level its lines
};

// What to survey: everything is copied, so that training may go on.
struct SurveyOrder {
    SurveyPlane plane = SurveyPlane::of_the_run;
    Config config;
    std::vector<std::shared_ptr<const Snapshot>> snapshots; // the oldest first
    std::shared_ptr<const Snapshot> centre;                 // of random directions
    std::vector<Example> examples;
    std::size_t points = 33; // along each side; odd
};

class Survey {
public:
    explicit Survey(SurveyOrder given); // begins at once; stops when destroyed
    Survey(const Survey&) = delete;
    Survey& operator=(const Survey&) = delete;

    double progress() const { return done; }                    // 0 to 1
    std::shared_ptr<const SurveyedLandscape> landscape() const; // none until it is finished
    std::string trouble() const;                                // empty: none

private:
    void measure(const std::stop_token& stop);

    SurveyOrder order;
    std::atomic<double> done = 0;
    mutable std::mutex mutex; // guards the next two
    std::shared_ptr<const SurveyedLandscape> result;
    std::string complaint;

    std::jthread worker; // last, so that it ends before what it uses
};

} // namespace whirlygig
