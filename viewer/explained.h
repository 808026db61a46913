// The arithmetic of the cells that were looked at last, so that everything on the screen that shows
// it reads the same, and a cell that stays is explained only once.
#pragma once

#include "trace/explain.h"

#include <array>
#include <memory>

namespace whirlygig {

class Explanations {
public:
    // As explain(). What it gave stays valid while someone holds it.
    std::shared_ptr<const Expression> of(const Stage& stage, std::size_t row, std::size_t column);

    // The stages that it knew are gone.
    void forget() { known = {}; }

private:
    struct Known {
        const Stage* stage = nullptr;
        std::size_t row = 0, column = 0;
        std::shared_ptr<const Expression> expression = {};
    };
    std::array<Known, 4> known; // the one that was asked for last stands first
};

} // namespace whirlygig
