# bm25_index, added by kernels/CMakeLists.txt so that the room builds alone.
add_executable(bm25_index ${CMAKE_CURRENT_LIST_DIR}/main.cpp)
target_link_libraries(bm25_index PRIVATE datagen_kernels datagen_kernels_warnings)
set_target_properties(bm25_index PROPERTIES CXX_EXTENSIONS OFF
                      RUNTIME_OUTPUT_DIRECTORY ${DATAGEN_KERNELS_OUTPUT})
