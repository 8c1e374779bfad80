# kernels_equality, added by kernels/CMakeLists.txt so that the room builds alone.
add_executable(kernels_equality ${CMAKE_CURRENT_LIST_DIR}/main.cpp
  ${CMAKE_CURRENT_LIST_DIR}/comparison.cpp ${CMAKE_CURRENT_LIST_DIR}/random_jobs.cpp
  ${DATAGEN_KERNELS_DIR}/ed25519/curve.cpp  # signs what ed25519.verify is to check
  ${DATAGEN_KERNELS_DIR}/ed25519/sha512.cpp
  ${DATAGEN_KERNELS_DIR}/ed25519/verify.cpp)
add_executable(kernels_known_answers EXCLUDE_FROM_ALL  # writes kernels/known_answers.inc anew
  ${CMAKE_CURRENT_LIST_DIR}/known_answers_main.cpp ${CMAKE_CURRENT_LIST_DIR}/random_jobs.cpp
  ${DATAGEN_KERNELS_DIR}/ed25519/curve.cpp
  ${DATAGEN_KERNELS_DIR}/ed25519/sha512.cpp
  ${DATAGEN_KERNELS_DIR}/ed25519/verify.cpp)
target_link_libraries(kernels_known_answers PRIVATE datagen_kernels datagen_kernels_warnings)
set_target_properties(kernels_known_answers PROPERTIES CXX_EXTENSIONS OFF
                      RUNTIME_OUTPUT_DIRECTORY ${DATAGEN_KERNELS_OUTPUT})
find_package(Threads REQUIRED)
target_link_libraries(kernels_equality PRIVATE datagen_kernels datagen_kernels_warnings
                                               Threads::Threads)
set_target_properties(kernels_equality PROPERTIES CXX_EXTENSIONS OFF
                      RUNTIME_OUTPUT_DIRECTORY ${DATAGEN_KERNELS_OUTPUT})
if(cuda_wanted)
  add_dependencies(kernels_equality datagen_kernels_cuda)
endif()
