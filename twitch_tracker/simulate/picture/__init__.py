"""What a face and a camera make of it: pictures changed by drawing and warping."""
