select content, based_on from draft where tenant = $1
