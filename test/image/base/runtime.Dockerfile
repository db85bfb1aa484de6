# Stands in for debian:bookworm-slim.
FROM scratch
ADD base.tar /
CMD ["/bin/bash"]
