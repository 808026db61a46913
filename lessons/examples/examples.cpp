#include "examples.h"

#include "error.h"

namespace whirlygig {

std::string example_text(int lesson) {
    switch (lesson) {
    case 0:
        return start_example();
    case 1:
        return tokens_example();
    case 2:
        return embeddings_example();
    case 3:
        return looking_example();
    case 4:
        return head_example();
    case 5:
        return mask_example();
    case 12:
        return training_example();
    default:
        fail("there is no example for lesson {}: lessons 0 to 5 and 12 have one", lesson);
    }
}

} // namespace whirlygig
