select content from draft where tenant = $1
