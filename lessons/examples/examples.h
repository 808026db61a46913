// The worked examples in the lessons' texts. Their numbers are small enough to check by hand, and
// every one of them is computed by calling the functions of src/.
#pragma once

#include <string>

namespace whirlygig {

// The example as the lesson's README.md shows it, in lines of at most 100 columns. Throws an Error
// for a lesson that has none.
std::string example_text(int lesson);

// One for each lesson.
std::string start_example();              // 0
std::string tokens_example();             // 1
std::string embeddings_example();         // 2
std::string looking_example();            // 3
std::string head_example();               // 4
std::string mask_example();               // 5
std::string heads_example();              // 6
std::string block_example();              // 7
std::string model_example();              // 8
std::string loss_example();               // 9
std::string backpropagation_example();    // 10
std::string attention_backward_example(); // 11
std::string training_example();           // 12

} // namespace whirlygig
