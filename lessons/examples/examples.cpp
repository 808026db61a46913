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
    case 6:
        return heads_example();
    case 7:
        return block_example();
    case 8:
        return model_example();
    case 9:
        return loss_example();
    case 10:
        return backpropagation_example();
    case 11:
        return attention_backward_example();
    case 12:
        return training_example();
    default:
        fail("there is no example for lesson {}", lesson);
    }
}

} // namespace whirlygig
