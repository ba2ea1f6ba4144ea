"""IN AND OUT: jobs, column mappings, imports with a dry run, exports. What is imported is declared by the apps."""
